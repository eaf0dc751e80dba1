// Package table reads and writes files of rows and cells: xlsx workbooks and
// CSV, without knowing what the cells mean.
//
// Reading is a stream: of a workbook only the shared strings and the list of
// merged ranges are in memory, never a sheet. Everything that a hostile or a
// broken file may be is bounded by Limits and refused in plain words: archives
// that unpack to more than they should, sheets without end, programs (.xlsm),
// formulas, control characters, texts in two encodings. Formulas are not
// evaluated and links to other workbooks are not followed.
//
// What is written cannot become a formula: cells of a workbook are texts with
// the quote prefix, cells of a CSV file that a spreadsheet would evaluate begin
// with an apostrophe, which reading takes away again.
package table
