// Command procedures measures the deadlines at scale: one sweep that acts on
// 10,000 newly overdue clocks among millions of open cases, an idle sweep, one
// person's to-do list, and the computation of due dates. It fills a private
// PostgreSQL with fsync on, and an SQLite file, and writes its figures with
// command, machine and versions to bench/out/procedures.json.
package main
