// Package search finds catalog entries (issue 4, point 6): by words of one
// Chinese character upwards, by words that do not stand together, by pinyin and
// initials, by codes and their beginnings, by synonyms; with the counts of
// every facet, all trimmed to what the reader may see.
//
// The index is derived from the database and can be thrown away at any time.
// It lies in files of the node that are mapped into memory, one for each
// segment of up to 2^18 documents, plus small segments in memory for what has
// changed since; docs/decisions/0011 says why it is built so. A Follower keeps
// it up to date from the catalog's change feed.
//
// # What matches
//
// A query is cut at blanks and punctuation into words, a word into runs of
// Chinese characters and of letters and digits. All of them must match.
//
//   - A Chinese run matches a field that contains it.
//   - A run of letters and digits matches a field with a word that begins with
//     it, and a name of the resource or its provider by its pinyin: the
//     syllables of neighbouring characters, or their initials (two or more).
//   - A run that is a known synonym matches what its synonyms match.
//   - A Chinese run of three or more characters that is found nowhere is tried
//     in two parts, else in pairs of characters.
//
// The fields are name, code, abstract, provider's name, and of each item the
// name, the English name and the column code. Letter case and full width do
// not matter.
//
// Chinese runs of more than two characters (and initials of more than four) are
// looked up as overlapping pairs, which can be in a document without the run.
// The hits shown are checked against their text; when there are more than a few
// hundred candidates, total and counts are those of the pairs, and the result
// says so (TotalExact).
package search
