package ledger

import "fmt"

// Damage is a sort of corruption.
type Damage string

const (
	// Altered: a record does not make its hash, or its hash is not in the tree.
	Altered Damage = "altered"
	// Missing: a record is gone while later ones are there.
	Missing Damage = "missing"
	// CutOff: the end of the log is gone.
	CutOff Damage = "cut_off"
	// Uncovered: there is a record that the head does not know of.
	Uncovered Damage = "uncovered"
	// BadTile: a tile of the tree is missing, short or wrong.
	BadTile Damage = "bad_tile"
	// BadHead: the head contradicts the records or itself.
	BadHead Damage = "bad_head"
	// BadCheckpoint: a stored checkpoint is not one that this log signed.
	BadCheckpoint Damage = "bad_checkpoint"
	// Rewritten: records, tiles and head agree with each other but not with a
	// signed checkpoint.
	Rewritten Damage = "rewritten"
)

// Corruption says that the stored log is not what was written. It is no
// user's fault and never repaired silently.
type Corruption struct {
	What Damage
	// First and Last bound the indexes of the entries concerned, both
	// included; equal where the damage can be told to the entry. For
	// BadCheckpoint they are the checkpoint's size.
	First, Last uint64
	Detail      string
}

// Error names the entry or the range.
func (c *Corruption) Error() string {
	if c.First == c.Last {
		return fmt.Sprintf("ledger: corrupt: %s at index %d: %s", c.What, c.First, c.Detail)
	}
	return fmt.Sprintf("ledger: corrupt: %s between index %d and %d: %s", c.What, c.First, c.Last, c.Detail)
}

var damageNames = map[Damage]string{
	Altered: "记录被改动", Missing: "记录缺失", CutOff: "日志末尾被截断", Uncovered: "日志头之外有多余记录",
	BadTile: "哈希树分块损坏", BadHead: "日志头损坏", BadCheckpoint: "检查点损坏", Rewritten: "日志与已签名的检查点不符",
}

// Message says it to a person, in Chinese.
func (c *Corruption) Message() string {
	if c.First == c.Last {
		return fmt.Sprintf("存证日志校验失败：序号 %d，%s", c.First, damageNames[c.What])
	}
	return fmt.Sprintf("存证日志校验失败：序号 %d 至 %d 之间，%s", c.First, c.Last, damageNames[c.What])
}

// tileFault names the entries under a tile.
func tileFault(id TileID, format string, args ...any) *Corruption {
	first, last := under(id.Level, id.Index*tileWidth, (id.Index+1)*tileWidth-1)
	return &Corruption{What: BadTile, First: first, Last: last,
		Detail: fmt.Sprintf("tile %d/%d ", id.Level, id.Index) + fmt.Sprintf(format, args...)}
}

// under gives the entries below the hashes a to b of a tile level.
func under(level uint8, a, b uint64) (first, last uint64) {
	shift := tileHeight * uint(level)
	return a << shift, (b+1)<<shift - 1
}
