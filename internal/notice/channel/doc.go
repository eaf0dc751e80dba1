// Package channel speaks to mail servers and webhooks.
//
// A webhook gets POST with a JSON body and these headers:
//
//	Shuqiao-Delivery:  the ID of the delivery, the same on each attempt
//	Shuqiao-Signature: t=UNIX,v1=HEX
//
// HEX is HMAC-SHA256, keyed with the subscription's secret, over
// "UNIX.ID.BODY". A receiver compares it in constant time, refuses a time that
// is more than five minutes off, and answers 2xx once it has kept the ID;
// anything else is tried again. Redirects are not followed.
package channel
