import type { FormInstance } from "antd";
import { useCallback, useRef, useState } from "react";
import { placeFaults, type FormShape, type Place } from "../api/faults";
import { problemOf, type Problem } from "../api/problem";

interface Refusal {
  problem: Problem;
  /** Faults of fields that the form does not show. */
  above: readonly string[];
}

interface FormFaults {
  refusal: Refusal | undefined;
  /** Takes back everything that was shown, before sending again. */
  clear: () => void;
  /** Puts every fault beside its field; the rest is for above the form. */
  show: (error: unknown, shape: FormShape) => void;
  /** For the form's onValuesChange: takes back what was said of a field that is being mended. */
  mend: (changed: unknown) => void;
}

/** Whether a form's report of changed values names this place. */
function names(changed: unknown, place: Place): boolean {
  let at = changed;
  for (const step of place) {
    if (typeof at !== "object" || at === null || !(step in at)) return false;
    at = (at as Record<string | number, unknown>)[step];
  }
  return true;
}

/** Shows what the server refused where the reader can mend it. */
export function useFormFaults<T>(form: FormInstance<T>): FormFaults {
  const [refusal, setRefusal] = useState<Refusal>();
  // antd drops an error only when it runs a rule of the field; most of these have none.
  const shown = useRef<Place[]>([]);

  const put = useCallback(
    (place: Place, errors: string[]) =>
      // The server names fields by path; antd types them by the form's own
      // keys. placeFaults has made sure that each path is one of these.
      form.setFields([{ name: place as never, errors }]),
    [form],
  );
  const clear = useCallback(() => {
    setRefusal(undefined);
    for (const place of shown.current) put(place, []);
    shown.current = [];
  }, [put]);
  const mend = useCallback(
    (changed: unknown) => {
      const mended = shown.current.filter((place) => names(changed, place));
      if (mended.length === 0) return;
      for (const place of mended) put(place, []);
      shown.current = shown.current.filter((place) => !mended.includes(place));
    },
    [put],
  );
  const show = useCallback(
    (error: unknown, shape: FormShape) => {
      clear();
      const problem = problemOf(error);
      const { beside, above } = placeFaults(problem, shape);
      setRefusal({ problem, above });
      for (const { place, messages } of beside) put(place, messages);
      shown.current = beside.map(({ place }) => place);
      const first = shown.current[0];
      if (first) form.scrollToField(first as never, { block: "center" });
    },
    [clear, form, put],
  );
  return { refusal, clear, show, mend };
}
