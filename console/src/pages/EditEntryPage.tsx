import { Alert } from "antd";
import { useNavigate, useParams } from "react-router";
import type { Version } from "../api/types";
import { EntryForm } from "../components/entry/EntryForm";
import { PageTitle } from "../components/PageTitle";
import { Waiting } from "../components/Waiting";
import { useEditDraft, useResource } from "../hooks/useCatalog";

function Draft({ version }: { version: Version }) {
  const navigate = useNavigate();
  const edit = useEditDraft(version.resource);
  return (
    <div>
      <PageTitle title={`修改草稿：${version.entry.name}`} note={`第 ${version.number} 版`} />
      <EntryForm
        initial={version.entry}
        resource={version.resource}
        saving={edit.isPending}
        error={edit.error}
        onSave={(entry) =>
          edit.mutate(
            { entry, revision: version.revision },
            { onSuccess: () => void navigate(version.case ? `/cases/${version.case}` : `/catalog/${version.resource}`) },
          )
        }
      />
    </div>
  );
}

/** Changes the draft of an entry. */
export function EditEntryPage() {
  const { id } = useParams();
  return (
    <Waiting query={useResource(id)}>
      {({ pending }) =>
        pending?.status === "draft" ? (
          <Draft key={pending.id} version={pending} />
        ) : (
          <Alert type="info" showIcon message="没有可修改的草稿：审核中的版本须先退回，已发布的须编制新版本。" />
        )
      }
    </Waiting>
  );
}
