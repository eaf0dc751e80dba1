package reader

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/clock"
	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/reverse"
)

// statementTime bounds one statement at the source.
const statementTime = 20 * time.Second

// Policy is what the node's operator lets be reached. The zero value: nothing.
type Policy struct {
	// Networks hold the databases that may be read. This machine is one only if
	// it is listed; addresses of cloud metadata never are.
	Networks []netip.Prefix
	// Directory holds the SQLite files that may be read; empty: none.
	Directory string
	Roots     *x509.CertPool // nil: the machine's
}

// Reader implements reverse.Reader.
type Reader struct {
	policy Policy
	clock  clock.Clock
}

// New makes a reader.
func New(p Policy, clk clock.Clock) *Reader { return &Reader{policy: p, clock: clk} }

var errAddress = errors.New("address outside the approved networks")

func notAllowed() error {
	return fault.New(fault.Forbidden, "address_not_allowed", "该地址不在本节点允许反向编目的网段内，请由运维人员在配置中核准").Under("CN-35")
}

// allowed tells whether an address may be called.
func (r *Reader) allowed(a netip.Addr) bool {
	a = a.Unmap().WithZone("")
	if catalog.ForbiddenAddr(a) {
		return false
	}
	for _, n := range r.policy.Networks {
		if n.Contains(a) {
			return true
		}
	}
	return false
}

// Approve implements reverse.Reader.
func (r *Reader) Approve(c reverse.Connection) error {
	if err := c.Check(); err != nil {
		return err
	}
	if c.Engine == reverse.SQLite {
		_, err := r.file(c.File)
		return err
	}
	if a, err := netip.ParseAddr(c.Host); err == nil && !r.allowed(a) || len(r.policy.Networks) == 0 {
		return notAllowed()
	}
	return nil
}

// dial calls a database. The address that the name leads to is looked at right
// before the connection is made.
func (r *Reader) dial(ctx context.Context, network, address string) (net.Conn, error) {
	d := net.Dialer{Timeout: 5 * time.Second, Control: func(_, target string, _ syscall.RawConn) error {
		a, err := netip.ParseAddrPort(target)
		if err != nil || !r.allowed(a.Addr()) {
			return errAddress
		}
		return nil
	}}
	return d.DialContext(ctx, network, address)
}

// file gives the real path of a file below the directory, wherever links lead.
func (r *Reader) file(name string) (string, error) {
	refused := fault.New(fault.Forbidden, "file_not_allowed", "只能读取本节点指定目录下的SQLite文件").Under("CN-35")
	if r.policy.Directory == "" || !filepath.IsLocal(name) {
		return "", refused
	}
	base, err := filepath.EvalSymlinks(r.policy.Directory)
	if err != nil {
		return "", refused
	}
	path, err := filepath.EvalSymlinks(filepath.Join(base, name))
	if err != nil {
		return "", fault.New(fault.Illegal, "file_missing", "指定目录下没有这个文件")
	}
	if inside, err := filepath.Rel(base, path); err != nil || !filepath.IsLocal(inside) {
		return "", refused
	}
	if info, err := os.Stat(path); err != nil || !info.Mode().IsRegular() {
		return "", refused
	}
	return path, nil
}

// tls gives the TLS configuration of a connection; nil: not encrypted.
func (r *Reader) tls(c reverse.Connection) *tls.Config {
	switch c.TLS {
	case reverse.TLSDisable:
		return nil
	case reverse.TLSRequire:
		return &tls.Config{MinVersion: tls.VersionTLS12, ServerName: c.Host, InsecureSkipVerify: true} // what "require" says; the password is not sent in the clear
	}
	return &tls.Config{MinVersion: tls.VersionTLS12, ServerName: c.Host, RootCAs: r.policy.Roots}
}

// session is an open connection to one database.
type session interface {
	version() string
	schema(ctx context.Context, l reverse.Limits) (reverse.Schema, error)
	// values gives the first rows of a table, as texts, column by column.
	values(ctx context.Context, t reverse.Table, columns []string, limit int) ([][]string, error)
	close()
}

func (r *Reader) open(ctx context.Context, c reverse.Connection) (session, error) {
	c = c.Complete()
	if err := r.Approve(c); err != nil {
		return nil, err
	}
	switch c.Engine {
	case reverse.Postgres:
		return r.openPostgres(ctx, c)
	case reverse.MySQL:
		return r.openMySQL(ctx, c)
	}
	return r.openSQLite(ctx, c)
}

// Version implements reverse.Reader.
func (r *Reader) Version(ctx context.Context, c reverse.Connection) (string, error) {
	s, err := r.open(ctx, c)
	if err != nil {
		return "", err
	}
	defer s.close()
	return s.version(), nil
}

// Read implements reverse.Reader.
func (r *Reader) Read(ctx context.Context, c reverse.Connection, l reverse.Limits) (reverse.Schema, error) {
	s, err := r.open(ctx, c)
	if err != nil {
		return reverse.Schema{}, err
	}
	defer s.close()
	out, err := s.schema(ctx, l)
	if err != nil {
		return reverse.Schema{}, err
	}
	out.Engine, out.Version = c.Engine, s.version()
	if l.Rows > 0 {
		err = r.sample(ctx, s, out, l.Rows)
	}
	return out, err
}

// sample looks at the first rows of each table. A table that cannot be read, or
// not in time, goes without; views are not run.
func (r *Reader) sample(ctx context.Context, s session, out reverse.Schema, rows int) error {
	for i := range out.Tables {
		t := &out.Tables[i]
		if kept, fields := reverse.Withhold(*t); len(fields) > 0 || kept.Refused != "" || t.View {
			continue
		}
		var names []string
		var at []int
		for j, c := range t.Columns {
			if c.Type == "C" || c.Type == "M" || c.Type == "I" || c.Type == "N" {
				names, at = append(names, c.Name), append(at, j)
			}
		}
		if len(names) == 0 {
			continue
		}
		values, err := s.values(ctx, *t, names, rows)
		if ctx.Err() != nil {
			return broken(ctx, ctx.Err())
		}
		if err != nil {
			continue
		}
		for j, v := range values {
			t.Columns[at[j]].Holds = reverse.Looks(v, r.clock.Now())
		}
	}
	return nil
}

// tables gathers what a reader finds and keeps it within the limits.
type tables struct {
	limits reverse.Limits
	list   []reverse.Table
	at     map[[2]string]int
	total  int
}

func newTables(l reverse.Limits) *tables { return &tables{limits: l, at: map[[2]string]int{}} }

func (t *tables) add(x reverse.Table) error {
	if len(t.list) >= t.limits.Tables {
		return tooLarge(t.limits)
	}
	x.Columns = []reverse.Column{}
	t.at[[2]string{x.Schema, x.Name}] = len(t.list)
	t.list = append(t.list, x)
	return nil
}

func (t *tables) get(schema, name string) *reverse.Table {
	i, ok := t.at[[2]string{schema, name}]
	if !ok {
		return nil
	}
	return &t.list[i]
}

// column adds a column. A table with too many loses those it has.
func (t *tables) column(schema, name string, c reverse.Column) error {
	x := t.get(schema, name)
	if x == nil || x.Refused != "" {
		return nil
	}
	if len(x.Columns) >= t.limits.Columns {
		x.Refused, x.Columns = reverse.RefusedTooWide, []reverse.Column{}
		return nil
	}
	if t.total++; t.total > t.limits.Total {
		return tooLarge(t.limits)
	}
	x.Columns = append(x.Columns, c)
	return nil
}

// with calls f on a column, if it is there.
func (t *tables) with(schema, name, column string, f func(*reverse.Column)) {
	x := t.get(schema, name)
	if x == nil {
		return
	}
	for i := range x.Columns {
		if strings.EqualFold(x.Columns[i].Name, column) {
			f(&x.Columns[i])
			return
		}
	}
}

// check takes a CHECK condition over as the domain of the column it is about.
func (t *tables) check(e reverse.Engine, schema, name, condition string) {
	column, d := reverse.ParseCheck(e, condition)
	if d == nil {
		return
	}
	t.with(schema, name, column, func(c *reverse.Column) {
		if c.Domain == nil {
			c.Domain = d
		}
	})
}
