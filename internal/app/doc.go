// Package app is the one place that wires everything: it opens the store,
// reads the law, unseals the node's keys and joins features, gateway, API,
// console and workers into one running node.
package app
