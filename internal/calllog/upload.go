package calllog

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"time"

	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/ident"
	"github.com/shuqiao/shuqiao/internal/org"
	"github.com/shuqiao/shuqiao/internal/sharing"
)

const (
	// MaxUpload bounds a log in bytes, MaxLines in lines.
	MaxUpload = 1 << 30
	MaxLines  = 5_000_000

	defaultTolerance = 5 * time.Minute
	maxTolerance     = 24 * time.Hour
	maxPeriod        = 400 * 24 * time.Hour
	// stage is how many lines one transaction keeps.
	stage = 1000
)

// Upload takes in a side's own log and leaves it to the job to compare. Nothing
// is kept of a log with faults, which are told by line. turned is called
// between portions, so that the connection can be given more time.
func (s *Service) Upload(ctx context.Context, p org.Principal, scope Scope, f Format, body io.Reader, turned func()) (Reconciliation, error) {
	scope, err := s.scope(ctx, p, scope)
	if err != nil {
		return Reconciliation{}, err
	}
	r := Reconciliation{Scope: scope, ID: ident.New(), Department: p.Department.ID, State: Receiving,
		CreatedBy: p.Person.ID, CreatedAt: s.Clock.Now()}
	if err := s.Store.InsertReconciliation(ctx, r); err != nil {
		return Reconciliation{}, err
	}
	sum := sha256.New()
	if r.Lines, err = s.stage(ctx, r.ID, f, io.TeeReader(body, sum), turned); err == nil {
		r.SHA256, r.State = hex.EncodeToString(sum.Sum(nil)), Theirs
		head, headErr := s.Ledger.Head(ctx)
		r.LedgerSize = head.Size
		if err = headErr; err == nil {
			err = s.Store.UpdateReconciliation(ctx, r)
		}
	}
	if err != nil {
		// The uploader may be gone; what it left is cleared all the same.
		if dropErr := s.Store.DropReconciliation(context.WithoutCancel(ctx), r.ID); dropErr != nil {
			return Reconciliation{}, dropErr
		}
		return Reconciliation{}, err
	}
	r.Version++
	return r, nil
}

// scope fills in and checks what a reconciliation is about.
func (s *Service) scope(ctx context.Context, p org.Principal, c Scope) (Scope, error) {
	if err := mayRead(p); err != nil {
		return c, err
	}
	now := s.Clock.Now()
	var bad fault.Collector
	if !c.Side.Valid() {
		bad.Add("side", "not_in_list", "应为 consumer(本部门的调用)或 provider(对本部门数据的调用)", "CN-29.2")
	}
	switch {
	case c.From.IsZero() || c.To.IsZero():
		bad.Add("from", "required", "对账的起止时间为必填项", "CN-29.2")
	case !c.From.Before(c.To):
		bad.Add("to", "order", "结束时间应晚于开始时间", "")
	case c.To.After(now):
		bad.Add("to", "future", "对账的时段应当已经结束", "")
	case c.To.Sub(c.From) > maxPeriod:
		bad.Add("to", "range", "一次对账的时段不得超过400天", "")
	}
	if c.Tolerance == 0 {
		c.Tolerance = defaultTolerance
	}
	if c.Tolerance < 0 || c.Tolerance > maxTolerance {
		bad.Add("tolerance_seconds", "range", "时间误差应在1秒至24小时之间", "")
	}
	if c.Side == Provider && c.Refused {
		bad.Add("refused", "not_allowed", "被拒绝的调用没有到达提供部门的系统", "")
	}
	if c.Side == Provider && c.Grant == "" && c.Resource == "" {
		bad.Add("resource", "required", "提供部门对账须指定授权或者目录条目", "CN-29.2")
	}
	if err := bad.Err("reconciliation_invalid", "对账范围有误", ""); err != nil {
		return c, err
	}
	if c.Grant == "" {
		return c, nil
	}
	g, err := s.Grants.Grant(ctx, p, c.Grant)
	if err == nil && p.Department.ID != sideOf(g, c.Side) {
		err = fault.Missing("授权", c.Grant)
	}
	return c, err
}

func sideOf(g sharing.Grant, side Side) string {
	if side == Consumer {
		return g.Consumer
	}
	return g.Provider
}

// stage keeps the lines of an upload, portion by portion.
func (s *Service) stage(ctx context.Context, id string, f Format, body io.Reader, turned func()) (lines int, err error) {
	rd, err := newReader(f, body)
	if err != nil {
		return 0, err
	}
	at := make(map[string]int, stage)
	batch := make([]Record, 0, stage)
	flush := func() error {
		turned()
		fresh, err := s.Store.PutRecords(ctx, id, batch)
		lines += fresh
		batch = batch[:0]
		clear(at)
		return err
	}
	for {
		rec, err := rd.next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return 0, err
		}
		if rec.Line-1 > MaxLines {
			return 0, fault.New(fault.TooLarge, "log_too_long", "一次最多上传500万行,请分时段对账")
		}
		if i, again := at[rec.Receipt]; again {
			batch[i].Again++
			continue
		}
		at[rec.Receipt] = len(batch)
		batch = append(batch, rec)
		if len(batch) == stage {
			if err := flush(); err != nil {
				return 0, err
			}
		}
	}
	if err := rd.faults(); err != nil {
		return 0, err
	}
	if len(batch) > 0 {
		err = flush()
	}
	return lines, err
}
