// Package notice sends the notices of departments beyond the console's inbox:
// by e-mail and to webhooks that a department subscribes.
//
// A notice is handed over to the queue in the transaction that puts it into
// the inbox: exactly once. To the outside it is sent at least once, each
// attempt with the same delivery ID, by which the receiver knows a repeat.
// What fails is tried again with growing pauses and, in the end, kept where
// the department sees it. How a channel speaks is in package channel.
package notice
