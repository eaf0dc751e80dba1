package crash

import (
	"net/http"
	"slices"
	"time"
)

// round brings so many nodes under load, kills one after the other and checks
// what is left. It begins and ends with one node that is ready.
func (w *world) round(nodes int) {
	w.t.Helper()
	for len(w.nodes) < nodes {
		w.nodes = append(w.nodes, w.start(publicURL))
	}
	for _, c := range w.callers {
		w.renew(c)
	}
	w.acks.fresh()
	load := w.begin()
	for len(w.nodes) > 0 {
		before := w.acks.progress()
		time.Sleep(time.Duration(5+w.chance.IntN(396)) * time.Millisecond)
		if len(w.nodes) < nodes { // the other one is dead: this one must go on
			w.await(before + load.workers) // answers of the dead one may still be counted
		}
		victim := w.chance.IntN(len(w.nodes))
		w.killing(w.nodes[victim])
		w.nodes = slices.Delete(w.nodes, victim, victim+1)
	}
	load.running.Wait()

	// Half of the time the check is the first to open what the crash left, half
	// of the time the node, which is then running during the check.
	cold := w.chance.IntN(2) == 0
	if cold {
		w.check()
	}
	if w.chance.IntN(5) == 0 { // killed again before it is up
		p, _ := spawn(w.t, w, publicURL)
		time.Sleep(time.Duration(w.chance.IntN(80)) * time.Millisecond)
		p.kill()
		w.kills++
	}
	w.nodes = []*process{w.start(publicURL)}
	w.replay()
	if !cold {
		w.check()
	}
	if w.t.Failed() {
		w.t.Fatalf("failed in the round of kill %d", w.kills)
	}
	w.rounds++
}

// killing kills a node: at any moment, or with the first answer to arrive from
// now on.
func (w *world) killing(p *process) {
	w.t.Helper()
	w.kills++
	switch w.chance.IntN(3) {
	case 0:
		p.arm("/share/v1/")
	case 1:
		p.arm("/api/v1/cases")
	default:
		p.strike()
	}
	select {
	case <-p.ended:
	case <-time.After(startTime):
		w.t.Fatalf("no answer arrives any more:\n%s", p.log())
	}
	p.kill()
}

// await waits until more was acknowledged than so many answers.
func (w *world) await(answers int) {
	w.t.Helper()
	for deadline := time.Now().Add(startTime); w.acks.progress() <= answers; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			w.t.Fatalf("the node that is left acknowledges nothing:\n%s", w.nodes[0].log())
		}
	}
}

// replay sends the last assertion that was answered with a token once more:
// what was used up before the crash is used up after it.
func (w *world) replay() {
	w.t.Helper()
	if w.acks.assertion == "" {
		return
	}
	a := w.nodes[0].send(tokenRequest(w.acks.assertion))
	if a.err != nil || a.status != http.StatusUnauthorized || a.code() != "assertion_replayed" {
		w.t.Errorf("an assertion used before the crash: %d %s %v", a.status, a.body, a.err)
	}
	w.acks.call(a)
	w.acks.assertion = ""
}
