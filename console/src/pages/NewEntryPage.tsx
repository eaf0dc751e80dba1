import { useNavigate } from "react-router";
import { EntryForm } from "../components/entry/EntryForm";
import { PageTitle } from "../components/PageTitle";
import { useCreateDraft } from "../hooks/useCatalog";

/** Starts a catalog entry of the own department. */
export function NewEntryPage() {
  const navigate = useNavigate();
  const create = useCreateDraft();
  return (
    <div>
      <PageTitle title="编制目录" note="草稿可以不完整；报送时系统一次列出全部缺漏及其依据。涉及国家秘密、工作秘密的数据不得编入目录。" />
      <EntryForm
        saving={create.isPending}
        error={create.error}
        onSave={(entry) =>
          create.mutate(entry, { onSuccess: ({ resource }) => void navigate(`/catalog/${resource.id}`) })
        }
      />
    </div>
  );
}
