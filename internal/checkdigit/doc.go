// Package checkdigit validates the two identifiers whose last character checks
// the others: 统一社会信用代码 (GB 32100-2015) and 居民身份证号 (GB 11643-1999).
// It is pure. An error is always a Reason, with a code for programs and a
// Chinese message for people; it never repeats the identifier, so that it can
// be logged.
//
// Both check digits catch every single wrong character. The organisation code
// inside a 统一社会信用代码 (GB 11714) has a check digit of its own; it is not
// enforced, because the whole code's digit covers it already.
package checkdigit
