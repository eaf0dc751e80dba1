// Package mask shortens personal data to what may be shown (CN-35), by the
// sensitivity of the item. Every function is total: odd input (too short, not
// UTF-8, not a string) is masked whole, and no value ever shows more than its
// rule allows. The rules:
//
//	person_name     the surname: the first character, or the first two of a
//	                compound surname in a name of three or more  李* 欧阳**
//	resident_id     the first 3 and last 4 of 15 or 18           130***********1234
//	phone           the first 3 and last 4 of a mobile number;
//	                the last 2 of 7 or more characters otherwise 138****5678
//	address         the first 6 characters of 10 or more         河北省石家庄****
//	bank_card       the last 4 of 12 to 24                       ************1234
//	email           the first character of two or more, and the
//	                domain                                       l***@example.com
//	plate           the first 2 and the last of 7 or 8           冀A****5
//	other_personal  nothing                                      ***
//
// The resident ID shows three digits of the region and not six: with six, the
// county and the last four digits would single people out in a small county.
package mask
