// Package quality measures the quality of hosted data (CN-18, HB-16): are the
// values there, are they of the right form, unique, consistent and fresh?
//
// Rules come from two sides. The published catalog entry implies some: an item
// that may not be empty, its type and length, the check digit of a resident
// identity number, the form of a telephone number, a region code that exists, a
// key that is unique even when white space is left out, a parent that exists, a
// date of birth that agrees with the identity number, a last load no older than
// the update frequency. The provider may file more: required, pattern, domain,
// range, unique, a key that exists in another table which the provider may read,
// and a relation of two items. Filed rules are versions in a row; none is changed
// later.
//
// A run is a job: asked for, or due by the update frequency, it is taken by one
// worker, tells its progress, can be stopped, begins anew when its process dies
// and fails plainly when that happens too often. It reads the rows in pages and
// keeps counts only: no value of a row is stored, logged or told. Its memory is
// bounded whatever the number of rows; to find repeated values it may read the
// rows several times. Rows loaded while it reads may be counted or not.
//
// The score of a dimension is the share of rows without a failure in it, so that
// a further rule never raises it; that of timeliness goes from 100 at one period
// of the update frequency to 0 at two. The total is the mean of the dimensions
// measured, weighted by Weights. Scores are cut off, never rounded up, at two
// decimals: 100 means without any failure. What became worse since the last run is
// told to the provider, in counts; whether it is corrected is the provider's act.
//
// A published entry has a score of its own (ReviewEntry): what its form leaves
// open and how old its data are. It is looked at again after each publication and
// load, and when the data become stale.
package quality
