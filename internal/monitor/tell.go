package monitor

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/shuqiao/shuqiao/internal/casework"
	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/ledger"
	"github.com/shuqiao/shuqiao/internal/worktime"
)

// offices are the recipients of a department: whoever acts as which party.
func offices(department, party string) []casework.Turn {
	if department == "" {
		return nil
	}
	return []casework.Turn{{Department: department, Relation: party + ".clerk"}, {Department: department, Relation: party + ".office_head"}}
}

// circle are both offices and the authorities of both sides, each once.
func (s *Service) circle(ctx context.Context, consumer, provider string) ([]casework.Turn, error) {
	to := append(offices(consumer, "consumer"), offices(provider, "provider")...)
	for party, department := range map[string]string{"consumer": consumer, "provider": provider} {
		if department == "" {
			continue
		}
		authority, err := s.Org.SameLevelAuthority(ctx, department)
		if fault.Is(err, "no_authority") {
			continue
		}
		if err != nil {
			return nil, err
		}
		if !slices.ContainsFunc(to, func(t casework.Turn) bool {
			return t.Department == authority && t.Relation[len(t.Relation)-9:] == "authority"
		}) {
			to = append(to, casework.Turn{Department: authority, Relation: party + ".authority"})
		}
	}
	return to, nil
}

// nameOf names a department for a notice.
func (s *Service) nameOf(ctx context.Context, id string) (string, error) {
	d, err := s.Org.Department(ctx, id)
	if none(err) {
		return "", nil
	}
	return d.Name, err
}

// tellSignal tells both offices and the authorities.
func (s *Service) tellSignal(ctx context.Context, sig Signal, cut Cutoff) error {
	who, err := s.nameOf(ctx, sig.Consumer)
	if err != nil {
		return err
	}
	to, err := s.circle(ctx, sig.Consumer, sig.Provider)
	if err != nil {
		return err
	}
	about := "系统" + sig.System
	if sig.Grant != "" {
		about = "授权" + sig.Grant
	}
	return s.Cases.Tell(ctx, casework.Telling{Subject: "数据共享风险监测", Clause: sig.Clause, To: to,
		Text: fmt.Sprintf("监测信号:%s按%s的调用“%s”,%s。请核实后确认或者排除(信号%s)。", who, about, sig.Name, done(cut), sig.ID)})
}

// done says what was done.
func done(c Cutoff) string {
	end := ""
	if c.Until != nil {
		end = ",至" + c.Until.In(worktime.Zone()).Format("1月2日15时04分")
	}
	switch c.Measure {
	case Slow:
		return fmt.Sprintf("平台已将调用频率限为每秒%d次%s", c.Rate, end)
	case Pause:
		return "平台已暂停调用" + end
	case CutOff:
		return "平台已停止调用,须由提供部门或者主管部门恢复"
	}
	return "未采取措施"
}

// targetNames says what is cut off.
var targetNames = map[Target]string{All: "本平台的全部共享服务", System: "信息系统的全部调用", Consumer: "的全部调用", Provider: "提供的全部共享服务",
	Resource: "一项数据资源的共享服务", Grant: "一项授权的调用"}

// tellCutoff tells everybody whose calls or services it concerns, and their
// authorities.
func (s *Service) tellCutoff(ctx context.Context, c Cutoff, lifted bool, at time.Time) error {
	concerned, err := s.Store.Concerned(ctx, c.Target, c.TargetID, at)
	if err != nil {
		return err
	}
	to, err := s.circle(ctx, c.Consumer, c.Provider)
	if err != nil {
		return err
	}
	for _, d := range concerned {
		if d != c.Consumer && d != c.Provider {
			to = append(to, offices(d, "consumer")...)
		}
	}
	if c.Side == ByOperator || c.Target == All {
		for _, d := range concerned {
			more, err := s.circle(ctx, d, "")
			if err != nil {
				return err
			}
			for _, t := range more {
				if !slices.Contains(to, t) {
					to = append(to, t)
				}
			}
		}
	}
	who, err := s.nameOf(ctx, c.owner())
	if err != nil {
		return err
	}
	verb, why := "已紧急停止", c.Reason
	if lifted {
		verb, why = "已恢复", c.LiftReason
	}
	return s.Cases.Tell(ctx, casework.Telling{Subject: "数据共享紧急措施", Clause: c.Clause, To: to,
		Text: who + targetNames[c.Target] + verb + "。理由:" + why})
}

// owner is the department that a target belongs to.
func (c Cutoff) owner() string {
	if c.Target == System || c.Target == Consumer {
		return c.Consumer
	}
	return c.Provider
}

// entriesOf are the entries of a signal and its measure.
func entriesOf(sig Signal, cut Cutoff, does bool) []ledger.Entry {
	facts := map[string]any{"rule": sig.Kind, "grant": sig.Grant, "system": sig.System, "resource": sig.Resource, "consumer": sig.Consumer,
		"provider": sig.Provider, "measure": sig.Measure, "basis": sig.Clause}
	out := []ledger.Entry{{ID: sig.ID, Kind: SignalEntry, At: sig.At, Facts: filled(facts)}}
	if does {
		out = append(out, cut.entry())
	}
	return out
}

// entry is that of the cutting off; the text of its reason is there as a digest.
func (c Cutoff) entry() ledger.Entry {
	facts := map[string]any{"target": c.Target, "target_id": c.TargetID, "measure": c.Measure, "side": c.Side, "department": c.Department,
		"person": c.Person, "signal": c.Signal, "reason_sha256": digest(c.Reason), "basis": c.Clause}
	if c.Until != nil {
		facts["until"] = c.Until.UTC().Format(time.RFC3339)
	}
	if c.Rate > 0 {
		facts["rate"] = c.Rate
	}
	return ledger.Entry{ID: c.ID, Kind: CutEntry, At: c.At, Facts: filled(facts)}
}

// filled leaves out what is empty.
func filled(facts map[string]any) map[string]any {
	for k, v := range facts {
		if fmt.Sprint(v) == "" {
			delete(facts, k)
		}
	}
	return facts
}

func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// factsDigest is what a report names as its evidence.
func factsDigest(facts map[string]any) (string, error) {
	b, err := json.Marshal(facts)
	return digest(string(b)), err
}
