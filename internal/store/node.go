package store

import (
	"context"

	"github.com/uptrace/bun"
)

// Node keeps small settings of this node, such as its sealed keys. What was
// once put stays.
type Node struct{ db *database }

type settingRow struct {
	bun.BaseModel `bun:"table:node_settings,alias:n"`

	Name  string `bun:"name,pk"`
	Value []byte `bun:"value"`
}

// Get gives the value of a setting, or the fault "not_found".
func (n *Node) Get(ctx context.Context, name string) ([]byte, error) {
	var row settingRow
	q := n.db.r(ctx).NewSelect().Model(&row).Where("name = ?", name)
	if err := n.db.one(ctx, "node setting", "节点设置", name, q); err != nil {
		return nil, err
	}
	return row.Value, nil
}

// PutIfAbsent keeps value under name unless there is one, and gives what is
// kept afterwards: of replicas that start together, all get the value of the
// first.
func (n *Node) PutIfAbsent(ctx context.Context, name string, value []byte) ([]byte, error) {
	if value == nil {
		value = []byte{}
	}
	var stored []byte
	err := n.db.Do(ctx, func(ctx context.Context) error {
		err := n.db.insert(ctx, "node setting", n.db.w(ctx).NewInsert().
			Model(&settingRow{Name: name, Value: value}).On("CONFLICT (name) DO NOTHING"))
		if err != nil {
			return err
		}
		stored, err = n.Get(ctx, name)
		return err
	})
	return stored, err
}
