package main

import (
	"context"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"time"

	"github.com/shuqiao/shuqiao/internal/app"
	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/clock"
	"github.com/shuqiao/shuqiao/internal/ident"
	"github.com/shuqiao/shuqiao/internal/org"
	"github.com/shuqiao/shuqiao/internal/sharing"
)

const purpose = "参保身份核验"

// codes are the ten items of an answer; the first three are masked.
var codes = []string{"id_number", "name", "phone", "sex", "birth_date", "region", "nation", "hukou", "status", "note"}

func items() []catalog.Item {
	out := make([]catalog.Item, len(codes))
	for i, code := range codes {
		out[i] = catalog.Item{Code: code, Name: "数据项" + code, Type: "C", Length: 800, Level: catalog.General1}
	}
	for i, s := range []catalog.Sensitivity{catalog.ResidentID, catalog.PersonName, catalog.Phone} {
		out[i].Sensitivity, out[i].Masked, out[i].Level = s, true, catalog.General4
	}
	out[0].Key = true
	return out
}

// answer is the kilobyte that the provider's service gives for every query.
func answer() []byte {
	row := map[string]any{"id_number": person, "name": "欧阳示一", "phone": "19900000042", "sex": "男", "birth_date": "1990-01-01",
		"region": "130102", "nation": "汉族", "hukou": "家庭户", "status": "正常", "note": ""}
	size := func() int { b, _ := json.Marshal(map[string]any{"rows": []any{row}}); return len(b) }
	row["note"] = strings.Repeat("示", (1024-size())/3)
	b, err := json.Marshal(map[string]any{"rows": []any{row}})
	if err != nil {
		panic(err)
	}
	return b
}

// person is the synthetic number that every call asks for.
const person = "130102199001010015"

// prepared is what a call needs to know of the node.
type prepared struct {
	Linked string `json:"linked"` // grant of the provider's service
	Hosted string `json:"hosted"` // grant of the hosted table
}

// node serves a node in dir, with one grant of a linked and one of a hosted
// resource, until ctx ends.
func node(ctx context.Context, addr, to, dir, database string) error {
	cfg := app.Config{Name: "bench.shuqiao", Dir: dir, DatabaseURL: database, Addr: "127.0.0.1:0", ShareAddr: addr, AllowPlainUpstream: true,
		TLSCert: filepath.Join(dir, "server.pem"), TLSKey: filepath.Join(dir, "server.key"), Clock: clock.System{},
		RatePerSecond: 1_000_000, Logger: slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError}))}
	slog.SetDefault(cfg.Logger)
	sockets, err := app.Listen(cfg)
	if err != nil {
		return err
	}
	defer sockets.Close()
	cfg.PublicURLs = sockets.URLs()
	if err := app.Migrate(ctx, cfg); err != nil {
		return err
	}
	debug.SetGCPercent(300) // as shuqiao serve does
	n, err := app.New(ctx, cfg)
	if err != nil {
		return err
	}
	p, err := prepare(ctx, n, to, dir)
	if err != nil {
		return errors.Join(err, n.Close())
	}
	text, err := json.Marshal(p)
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, "prepared.json"), text, 0o600)
	}
	if err == nil {
		err = n.Serve(ctx, sockets)
	}
	return errors.Join(err, n.Close())
}

// prepare puts in what the procedures would have made: this is a benchmark of
// calls, the procedures are measured elsewhere.
func prepare(ctx context.Context, n *app.Node, to, dir string) (prepared, error) {
	if err := n.LoadRegions(ctx); err != nil {
		return prepared{}, err
	}
	now := time.Now().UTC().Truncate(time.Microsecond)
	consumer := org.Department{ID: ident.New(), Name: "需求部门", USCC: "11130000MB9000011X", Region: "130000", Kind: org.Government, Version: 1, CreatedAt: now}
	provider := org.Department{ID: ident.New(), Name: "提供部门", USCC: "11130000MB9000022X", Region: "130000", Kind: org.Government, Version: 1, CreatedAt: now}
	system := org.System{ID: ident.New(), Department: consumer.ID, Name: "系统", Version: 1, CreatedAt: now,
		MLPS: &org.MLPS{Level: 3, ReportNo: "R1", AssessedBy: "测评机构", ValidUntil: now.AddDate(1, 0, 0)}}
	raw, err := os.ReadFile(filepath.Join(dir, "client.pem"))
	if err != nil {
		return prepared{}, err
	}
	block, _ := pem.Decode(raw)
	cert, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return prepared{}, err
	}
	thumb := org.SPKIThumbprint(cert)
	credential := org.Credential{ID: ident.New(), System: system.ID, Kind: org.CertThumbprint, Value: thumb, Thumb: thumb, NotAfter: cert.NotAfter, CreatedAt: now}
	store := n.Store.Org()
	for _, do := range []func() error{
		func() error { return store.InsertDepartment(ctx, consumer) },
		func() error { return store.InsertDepartment(ctx, provider) },
		func() error { return store.InsertSystem(ctx, system) },
		func() error { return store.InsertCredential(ctx, credential) },
	} {
		if err := do(); err != nil {
			return prepared{}, err
		}
	}
	grant := func(c catalog.Collection, name string) (string, error) {
		return published(ctx, n, catalog.Entry{Name: name, ClassCode: "1010010002", Collection: c, Attribute: catalog.Conditional,
			Methods: []catalog.Method{catalog.ServiceAPI}, Items: items(), Upstream: &catalog.Upstream{URL: "http://" + to, TimeoutSeconds: 5}},
			sharing.Grant{ID: ident.New(), Case: ident.New(), ResourceVersion: 1, Consumer: consumer.ID, Provider: provider.ID, Systems: []string{system.ID},
				Items: codes, Purpose: purpose, Mode: sharing.Query, Method: catalog.ServiceAPI, NotBefore: now.Add(-time.Hour), NotAfter: now.AddDate(1, 0, 0),
				RatePerSecond: 1_000_000, DeliveredAt: &now, Version: 1, CreatedAt: now})
	}
	var p prepared
	if p.Linked, err = grant(catalog.LinkedService, "代理资源"); err != nil {
		return prepared{}, err
	}
	p.Hosted, err = grant(catalog.HostedCopy, "托管资源")
	return p, err
}

// published inserts a published resource and a grant of it.
func published(ctx context.Context, n *app.Node, e catalog.Entry, g sharing.Grant) (string, error) {
	now := g.CreatedAt
	r := catalog.Resource{ID: ident.New(), Code: e.ClassCode + "/" + ident.New()[30:], Provider: g.Provider, Region: "130000", Published: 1, Version: 1, CreatedAt: now}
	if err := n.Store.Catalog().InsertResource(ctx, r); err != nil {
		return "", err
	}
	v := catalog.Version{ID: ident.New(), Resource: r.ID, Number: 1, Status: catalog.PublishedV, Entry: e, Digest: strings.Repeat("0", 64),
		CreatedAt: now, PublishedAt: &now, Revision: 1}
	if err := n.Store.Catalog().InsertVersion(ctx, v); err != nil {
		return "", err
	}
	g.Resource = r.ID
	if err := n.Store.Sharing().InsertGrant(ctx, g); err != nil {
		return "", err
	}
	if e.Collection != catalog.HostedCopy {
		return g.ID, nil
	}
	if err := n.Store.Hosted().CreateTable(ctx, r.ID, e.Items); err != nil {
		return "", err
	}
	var rows []catalog.Row
	for i := range hostedRows {
		row := catalog.Row{}
		for _, code := range codes {
			row[code] = fmt.Sprintf("%s-%d", code, i)
		}
		row["id_number"] = key(i)
		rows = append(rows, row)
	}
	return g.ID, n.Store.Hosted().Load(ctx, r.ID, e.Items, rows)
}

// hostedRows are the rows of the hosted table.
const hostedRows = 10_000

func key(i int) string { return fmt.Sprintf("1301021990%08d", i) }

// request is a call as it goes over the wire.
func request(grant, id, host string) []byte {
	var b strings.Builder
	body := fmt.Sprintf(`{"items":["%s"],"where":[{"item":"id_number","op":"eq","values":["%s"]}],"limit":1}`, strings.Join(codes, `","`), id)
	fmt.Fprintf(&b, "POST /share/v1/%s/rows HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n"+
		"Shuqiao-Purpose: %s\r\nShuqiao-Operator: operator-1\r\nShuqiao-Case: YB-2026-000001\r\n\r\n", grant, host, len(body), escaped(purpose))
	_, _ = io.WriteString(&b, body)
	return []byte(b.String())
}
