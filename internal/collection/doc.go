// Package collection keeps departments from collecting from people what
// another department already has (CN-19.1, HB-10): the list of what each
// department is responsible for collecting, and the plans for new collection
// forms, compared item by item with the catalog through indexes. It also keeps how the data
// reach the platform where that is not in real time (HB-12, XN-13) and the
// base and theme libraries (HB-13).
package collection
