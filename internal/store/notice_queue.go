package store

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/notice"
)

// noticeStore implements notice.Store.
type noticeStore struct{ *database }

// Notice gives the store of notice subscriptions and deliveries.
func (s *Store) Notice() notice.Store { return noticeStore{s.db} }

type subscriptionRow struct {
	bun.BaseModel `bun:"table:notice_subscriptions,alias:s"`

	ID         string  `bun:"id,pk"`
	Department string  `bun:"department"`
	Channel    string  `bun:"channel"`
	Address    string  `bun:"address"`
	Secret     []byte  `bun:"secret"`
	CreatedBy  string  `bun:"created_by"`
	CreatedAt  micros  `bun:"created_at"`
	EndedAt    *micros `bun:"ended_at"`
}

func (r subscriptionRow) subscription() (notice.Subscription, error) {
	return notice.Subscription{ID: r.ID, Department: r.Department, Channel: notice.ChannelKind(r.Channel), Address: r.Address,
		Secret: r.Secret, CreatedBy: r.CreatedBy, CreatedAt: r.CreatedAt.Time()}, nil
}

func (s noticeStore) InsertSubscription(ctx context.Context, x notice.Subscription) error {
	secret := x.Secret
	if secret == nil {
		secret = []byte{}
	}
	return s.insert(ctx, "notice subscription", s.w(ctx).NewInsert().Model(&subscriptionRow{ID: x.ID, Department: x.Department,
		Channel: string(x.Channel), Address: x.Address, Secret: secret, CreatedBy: x.CreatedBy, CreatedAt: toMicros(x.CreatedAt)}))
}

func (s noticeStore) EndSubscription(ctx context.Context, id, department string, at time.Time) error {
	return s.Do(ctx, func(ctx context.Context) error {
		n, err := s.affected(ctx, "end a notice subscription", s.w(ctx).NewUpdate().Model((*subscriptionRow)(nil)).
			Set("ended_at = ?", toMicros(at)).Where("id = ? AND department = ? AND ended_at IS NULL", id, department))
		if err != nil {
			return err
		}
		if n == 0 {
			return fault.Missing("通知订阅", id)
		}
		_, err = s.affected(ctx, "give up deliveries", s.w(ctx).NewUpdate().Model((*deliveryRow)(nil)).
			Set("state = ?, next_at = NULL, ended_at = ?, failure = ?", notice.Dead, toMicros(at), "unsubscribed").
			Where("subscription = ? AND next_at IS NOT NULL", id))
		return err
	})
}

func (s noticeStore) Subscriptions(ctx context.Context, departments []string) ([]notice.Subscription, error) {
	if len(departments) == 0 {
		return nil, nil
	}
	var rows []subscriptionRow
	err := s.r(ctx).NewSelect().Model(&rows).Where("department IN (?) AND ended_at IS NULL", bun.List(departments)).
		Order("id").Scan(ctx)
	if err != nil {
		return nil, s.fail(ctx, "list notice subscriptions", err)
	}
	return convert(rows, subscriptionRow.subscription)
}

type deliveryRow struct {
	bun.BaseModel `bun:"table:notice_deliveries,alias:x"`

	ID           string  `bun:"id,pk"`
	Notice       string  `bun:"notice"`
	Subscription string  `bun:"subscription"`
	Department   string  `bun:"department"`
	State        string  `bun:"state"`
	Attempts     int     `bun:"attempts"`
	NextAt       *micros `bun:"next_at"`
	Failure      string  `bun:"failure"`
	CreatedAt    micros  `bun:"created_at"`
	EndedAt      *micros `bun:"ended_at"`
}

func deliveryRowOf(d notice.Delivery) deliveryRow {
	return deliveryRow{ID: d.ID, Notice: d.Notice, Subscription: d.Subscription, Department: d.Department,
		State: string(d.State), Attempts: d.Attempts, NextAt: toMicrosPtr(d.NextAt), Failure: d.Failure,
		CreatedAt: toMicros(d.CreatedAt), EndedAt: toMicrosPtr(d.EndedAt)}
}

func (r deliveryRow) delivery() (notice.Delivery, error) {
	return notice.Delivery{ID: r.ID, Notice: r.Notice, Subscription: r.Subscription, Department: r.Department,
		State: notice.State(r.State), Attempts: r.Attempts, NextAt: r.NextAt.timePtr(), Failure: r.Failure,
		CreatedAt: r.CreatedAt.Time(), EndedAt: r.EndedAt.timePtr()}, nil
}

func (s noticeStore) PutDeliveries(ctx context.Context, ds []notice.Delivery) error {
	if len(ds) == 0 {
		return nil
	}
	rows := make([]deliveryRow, len(ds))
	for i, d := range ds {
		rows[i] = deliveryRowOf(d)
	}
	return s.insert(ctx, "notice deliveries", s.w(ctx).NewInsert().Model(&rows).On("CONFLICT (notice, subscription) DO NOTHING"))
}

// taskRow is a delivery with its notice and subscription.
type taskRow struct {
	bun.BaseModel `bun:"table:notice_deliveries,alias:x"`
	deliveryRow

	Channel  string  `bun:"channel"`
	Address  string  `bun:"address"`
	Secret   []byte  `bun:"secret"`
	CaseID   string  `bun:"case_id,nullzero"`
	Relation string  `bun:"relation"`
	Subject  string  `bun:"subject"`
	Text     string  `bun:"text"`
	Clause   string  `bun:"clause"`
	Due      *micros `bun:"due"`
	At       micros  `bun:"at"`
}

// ClaimDeliveries is a transaction of its own: nothing is locked while a mail
// server is waited for.
func (s noticeStore) ClaimDeliveries(ctx context.Context, now, until time.Time, limit int) ([]notice.Task, error) {
	var rows []taskRow
	err := s.Do(ctx, func(ctx context.Context) error {
		rows = nil // the store may run this again
		q := s.w(ctx).NewSelect().Model(&rows).ColumnExpr("x.*, s.channel, s.address, s.secret").
			ColumnExpr("n.case_id, n.relation, n.subject, n.text, n.clause, n.due, n.at").
			Join("JOIN notice_subscriptions AS s ON s.id = x.subscription").Join("JOIN notices AS n ON n.id = x.notice").
			Where("x.next_at <= ?", toMicros(now)).OrderExpr("x.next_at").Limit(limitOr(limit))
		if s.engine == enginePostgres {
			q = q.For("UPDATE OF x SKIP LOCKED")
		}
		if err := q.Scan(ctx); err != nil {
			return s.fail(ctx, "claim deliveries", err)
		}
		if len(rows) == 0 {
			return nil
		}
		ids := make([]string, len(rows))
		for i := range rows {
			ids[i] = rows[i].ID
			rows[i].Attempts++
		}
		_, err := s.affected(ctx, "claim deliveries", s.w(ctx).NewUpdate().Model((*deliveryRow)(nil)).
			Set("attempts = attempts + 1, next_at = ?", toMicros(until)).Where("id IN (?)", bun.List(ids)))
		return err
	})
	if err != nil {
		return nil, err
	}
	return convert(rows, func(r taskRow) (notice.Task, error) {
		d, err := r.delivery()
		return notice.Task{Delivery: d, Channel: notice.ChannelKind(r.Channel), Address: r.Address, Secret: r.Secret,
			Content: notice.Content{ID: r.ID, Case: r.CaseID, Department: r.Department, Relation: r.Relation,
				Subject: r.Subject, Text: r.Text, Clause: r.Clause, Due: r.Due.timePtr(), At: r.At.Time()}}, err
	})
}

// SettleDelivery compares the attempt: when the lease ran out and another
// began, that one's outcome counts. So it does when the subscription has ended.
func (s noticeStore) SettleDelivery(ctx context.Context, d notice.Delivery) error {
	row := deliveryRowOf(d)
	_, err := s.affected(ctx, "settle a delivery", s.w(ctx).NewUpdate().Model(&row).
		Column("state", "next_at", "failure", "ended_at").WherePK().
		Where("attempts = ? AND state = ?", d.Attempts, notice.Waiting))
	return err
}

// Deliveries lists the newest first.
func (s noticeStore) Deliveries(ctx context.Context, f notice.Filter) ([]notice.Delivery, error) {
	var rows []deliveryRow
	q := s.r(ctx).NewSelect().Model(&rows).Where("department = ?", f.Department).OrderExpr("id DESC").Limit(limitOr(f.Limit))
	if f.State != "" {
		q = q.Where("state = ?", f.State)
	}
	if f.After != "" {
		q = q.Where("id < ?", f.After)
	}
	if err := q.Scan(ctx); err != nil {
		return nil, s.fail(ctx, "list deliveries", err)
	}
	return convert(rows, deliveryRow.delivery)
}

func (s noticeStore) ReviveDelivery(ctx context.Context, id, department string, at time.Time) error {
	n, err := s.affected(ctx, "revive a delivery", s.w(ctx).NewUpdate().Model((*deliveryRow)(nil)).
		Set("state = ?, next_at = ?, ended_at = NULL, attempts = 0", notice.Waiting, toMicros(at)).
		Where("id = ? AND department = ? AND state = ?", id, department, notice.Dead).
		Where("subscription IN (SELECT id FROM notice_subscriptions WHERE ended_at IS NULL)"))
	if err == nil && n == 0 {
		return fault.Missing("未送达的通知", id)
	}
	return err
}
