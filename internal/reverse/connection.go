package reverse

import (
	"net/netip"
	"regexp"
	"slices"
	"strings"

	"github.com/shuqiao/shuqiao/internal/fault"
)

var hostName = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9_.-]*[A-Za-z0-9])?$`)

// Usual ports of the engines.
var ports = map[Engine]int{Postgres: 5432, MySQL: 3306}

// systemDatabases are never read: they hold no department's data.
var systemDatabases = []string{"information_schema", "mysql", "performance_schema", "sys"}

// Complete fills in what has a usual value.
func (c Connection) Complete() Connection {
	c.Host, c.Database, c.User = strings.TrimSpace(c.Host), strings.TrimSpace(c.Database), strings.TrimSpace(c.User)
	if c.Port == 0 {
		c.Port = ports[c.Engine]
	}
	if c.TLS == "" && c.Engine != SQLite {
		c.TLS = TLSVerify
	}
	return c
}

// Check tells everything that is wrong with a completed connection
// ("source_invalid"). Whether the address may be reached is the reader's matter.
func (c Connection) Check() error {
	var f fault.Collector
	c.check(&f)
	return f.Err("source_invalid", "数据源的内容不符合要求", "")
}

func (c Connection) check(f *fault.Collector) {
	switch c.Engine {
	case SQLite:
		f.Require("file", "文件", c.File, "")
		for path, text := range map[string]string{"host": c.Host, "database": c.Database, "user": c.User, "password": c.Password, "tls": string(c.TLS)} {
			if text != "" {
				f.Add(path, "inconsistent", "SQLite 数据源只需填写文件", "")
			}
		}
		return
	case Postgres, MySQL:
	default:
		f.Add("engine", "not_in_list", "数据库类型应为 postgres、mysql（含 MariaDB）或者 sqlite", "")
		return
	}
	f.Require("host", "主机", c.Host, "")
	f.Require("database", "数据库", c.Database, "")
	f.Require("user", "用户名", c.User, "")
	if _, err := netip.ParseAddr(c.Host); err != nil && c.Host != "" && (!hostName.MatchString(c.Host) || len(c.Host) > 253 || numeric(c.Host)) {
		f.Add("host", "format", "主机应为域名或者规范书写的IP地址", "")
	}
	if c.Port < 1 || c.Port > 65535 {
		f.Add("port", "out_of_range", "端口应为1至65535", "")
	}
	if !slices.Contains([]TLSMode{TLSVerify, TLSRequire, TLSDisable}, c.TLS) {
		f.Add("tls", "not_in_list", "加密方式应为 verify、require 或者 disable", "")
	}
	if c.File != "" {
		f.Add("file", "inconsistent", "只有 SQLite 数据源才填写文件", "")
	}
	if len(c.Schemas) > 0 && c.Engine != Postgres {
		f.Add("schemas", "inconsistent", "只有 PostgreSQL 数据源才限定模式", "")
	}
	if c.Engine == MySQL && slices.Contains(systemDatabases, strings.ToLower(c.Database)) {
		f.Add("database", "system", "系统库不能编目", "")
	}
	for path, text := range map[string]string{"database": c.Database, "user": c.User, "password": c.Password} {
		if strings.ContainsRune(text, 0) || len(text) > 256 {
			f.Add(path, "format", "不得含空字符，不超过256字节", "")
		}
	}
}

// numeric tells whether a name ends in a number: an address in a spelling that
// only some resolvers understand.
func numeric(host string) bool {
	last := host[strings.LastIndexByte(host, '.')+1:]
	return last == "" || last[0] >= '0' && last[0] <= '9'
}
