// Package password keeps passwords as argon2id hashes in PHC string form and
// says which passwords are good enough. It bounds how many are hashed at once,
// because each hash takes 64 MiB: a flood of sign-ins waits or is turned away
// instead of exhausting the node's memory.
package password
