// Package gateway is the data plane: it answers the calls of consuming systems
// and lets through what a grant in force covers, nothing else (CN-25, CN-29.2,
// CN-35, XN-21).
//
//	POST /share/token               client assertion (RFC 7523) → access token
//	GET  /share/v1/{grant}/rows     rows, conditions in the query
//	POST /share/v1/{grant}/rows     rows, conditions in the body
//	POST /share/v1/{grant}/verify   match or no match, nothing more
//
// A call runs through ordered checks, one file each (check_*.go), then is
// executed on a hosted table or the provider's service (ADAPTER.md), masked,
// recorded in the ledger and only then answered. There is exactly one record
// for each answer, also for a refusal; when it cannot be made, the answer is
// 503 and no data. Why a call was refused is in the check of its code.
//
// What the checks need of grants, systems and resources is compiled once and
// kept (snapshot.go) until GrantsVersion changes, which is asked at most every
// half second; what depends on the time is decided at each call.
package gateway
