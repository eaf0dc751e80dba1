package catalog

import (
	"net/netip"
	"net/url"
	"strings"

	"github.com/shuqiao/shuqiao/internal/fault"
)

const maxUpstreamTimeout = 60 // seconds

// metadataHosts are names under which cloud platforms hand out machine
// credentials.
var metadataHosts = []string{
	"metadata", "metadata.google.internal", "metadata.tencentyun.com", "instance-data",
	"instance-data.ec2.internal",
}

// metadataAddrs are such addresses outside the link-local ranges: Alibaba
// Cloud's, Oracle's, and Amazon's over IPv6.
var metadataAddrs = []netip.Addr{
	netip.MustParseAddr("100.100.100.200"),
	netip.MustParseAddr("192.0.0.192"),
	netip.MustParseAddr("fd00:ec2::254"),
}

// ForbiddenAddr tells whether the gateway must not connect to an address,
// whatever a name resolves to: link-local (169.254/16, where cloud metadata
// live), multicast, unspecified, and known metadata addresses. Private and
// loopback addresses are where providers' services live and are let through.
// The gateway asks again at each dial, because a name can change its answer.
func ForbiddenAddr(a netip.Addr) bool {
	a = a.Unmap().WithZone("")
	if !a.IsValid() || a.IsLinkLocalUnicast() || a.IsMulticast() || a.IsUnspecified() {
		return true
	}
	for _, m := range metadataAddrs {
		if a == m {
			return true
		}
	}
	return false
}

func formUpstream(c *fault.Collector, u Upstream) {
	if code, message := checkURL(u.URL); code != "" {
		c.Add("upstream.url", code, message, "HB-12")
	}
	if u.TimeoutSeconds < 0 || u.TimeoutSeconds > maxUpstreamTimeout {
		c.Add("upstream.timeout_seconds", "out_of_range", "超时时间应为1至60秒", "HB-12")
	}
}

// checkURL says what is wrong with the base address of a provider's service.
func checkURL(text string) (code, message string) {
	if text == "" {
		return "required", "服务地址为必填项"
	}
	u, err := url.Parse(text)
	if err != nil || len(text) > maxLong || u.Opaque != "" || u.Hostname() == "" {
		return "format", "服务地址应为 https://主机:端口/路径 的形式"
	}
	if u.Scheme != "https" && u.Scheme != "http" {
		return "format", "服务地址应以 https:// 或者 http:// 开头"
	}
	if u.User != nil {
		return "credentials", "服务地址中不得含用户名或者口令"
	}
	if u.RawQuery != "" || u.ForceQuery || u.Fragment != "" || strings.Contains(text, "#") {
		return "format", "服务地址不得带查询参数或者片段"
	}
	// What is approved must be what is called: no path that a server may read
	// in two ways.
	for _, part := range strings.Split(u.EscapedPath(), "/") {
		if part == "." || part == ".." || strings.Contains(part, "%") || strings.Contains(part, `\`) {
			return "format", "服务地址的路径不得含 . 、.. 或者转义字符"
		}
	}
	return checkHost(strings.ToLower(strings.TrimSuffix(u.Hostname(), ".")))
}

func checkHost(host string) (code, message string) {
	const forbidden = "服务地址不得指向链路本地、组播或者云平台元数据地址"
	if a, err := netip.ParseAddr(host); err == nil {
		if ForbiddenAddr(a) {
			return "forbidden_address", forbidden
		}
		return "", ""
	}
	for _, m := range metadataHosts {
		if host == m {
			return "forbidden_address", forbidden
		}
	}
	// A last label that begins with a digit makes it an address in a spelling
	// (octal, hexadecimal, one number) that only some resolvers understand.
	last := host[strings.LastIndexByte(host, '.')+1:]
	if last == "" || last[0] >= '0' && last[0] <= '9' {
		return "format", "服务地址的主机应为域名或者规范书写的IP地址"
	}
	for _, r := range host {
		if (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '.' && r != '-' && r != '_' {
			return "format", "服务地址的主机应为域名或者规范书写的IP地址"
		}
	}
	return "", ""
}
