// Package org knows who there is: regions, governments and their one data
// sharing authority each, departments with their sharing offices, people with
// roles, and the consuming systems with their credentials and 等保
// (classified-protection) assessments.
//
// Same-level and common superior authority are computed from the region tree
// (CN-8), never typed in.
package org
