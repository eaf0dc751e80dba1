// Package cart keeps what a person has put aside to apply for together (数据车):
// resources with the items chosen, the rows and the method, on the server, so
// that it outlives sessions and machines.
//
// Each entry is checked when it is put in and again whenever the cart is looked
// at: what was published may have become withheld, or lost an item, or been
// granted meanwhile. Applying takes one form for what is common (basis, scenario,
// purpose, scope of use, time limit, systems) and opens an ordinary application
// (CN-20.2) for each entry through the bulk opening of casework: all of them or
// none, with every fault in its place. What was applied for leaves the cart in
// the same transaction.
package cart
