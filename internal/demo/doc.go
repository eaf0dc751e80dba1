// Package demo makes a populated province to try the platform on, and plays
// the main job over HTTP as the real actors would: publish, apply, agree,
// call, prove. Departments, codes and people are synthetic; the numbers pass
// their check digits so that nothing in the platform must look away.
package demo
