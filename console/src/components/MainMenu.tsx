import {
  AlertOutlined,
  ApartmentOutlined,
  BookOutlined,
  CalendarOutlined,
  CarryOutOutlined,
  DatabaseOutlined,
  EyeOutlined,
  FileAddOutlined,
  FileTextOutlined,
  KeyOutlined,
  SafetyCertificateOutlined,
  SwapOutlined,
} from "@ant-design/icons";
import { Menu } from "antd";
import { Link, useLocation } from "react-router";
import { useMe } from "../hooks/useMe";

interface Props {
  onChoose?: () => void;
}

const everybody = [
  { path: "/todos", name: "待办", icon: <CarryOutOutlined /> },
  { path: "/catalog", name: "目录", icon: <BookOutlined /> },
  { path: "/demands", name: "供需对接", icon: <SwapOutlined /> },
  { path: "/governance", name: "目录治理", icon: <DatabaseOutlined /> },
  { path: "/start", name: "发起办件", icon: <FileAddOutlined /> },
  { path: "/cases", name: "办件", icon: <FileTextOutlined /> },
  { path: "/grants", name: "授权", icon: <KeyOutlined /> },
  { path: "/risk", name: "风险监测", icon: <AlertOutlined /> },
  { path: "/receipts", name: "存证", icon: <SafetyCertificateOutlined /> },
  { path: "/org", name: "机构与系统", icon: <ApartmentOutlined /> },
  { path: "/calendar", name: "工作日历", icon: <CalendarOutlined /> },
];

/** Only for a department that is the authority of a territory. */
const authority = { path: "/supervision", name: "监督", icon: <EyeOutlined /> };

/** The main menu. */
export function MainMenu({ onChoose }: Props) {
  const { pathname } = useLocation();
  const entries = useMe().data?.territory ? [...everybody, authority] : everybody;
  const current = entries.find((entry) => pathname.startsWith(entry.path));
  return (
    <nav aria-label="主菜单">
      <Menu
        mode="inline"
        selectedKeys={current ? [current.path] : []}
        onClick={onChoose}
        items={entries.map((entry) => ({
          key: entry.path,
          icon: entry.icon,
          label: <Link to={entry.path}>{entry.name}</Link>,
        }))}
      />
    </nav>
  );
}
