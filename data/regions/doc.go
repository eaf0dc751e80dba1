// Package regions holds the administrative divisions that a node starts with:
// every division of Hebei from the province to the village, and the provinces
// and cities of the rest of the country for cases that cross provinces. The
// data is embedded; where it comes from stands in README.md and in Source.
//
// The codes are those of the National Bureau of Statistics. They hold a few
// divisions that are no government of the civil-affairs list: development and
// new zones with a county's code (130171), and the containers 市辖区, 县 and
// 省直辖县级行政区划 at the level of a city in other provinces. They are kept:
// such zones have departments that share data.
package regions
