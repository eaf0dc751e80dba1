import { createBrowserRouter, Navigate } from "react-router";
import { RouteFailure } from "./components/RouteFailure";
import { Shell } from "./components/Shell";
import { StartingUp } from "./components/StartingUp";

/** Every page is a chunk of its own: one is fetched when it is first opened. */
export const router = createBrowserRouter([
  {
    path: "/sign-in",
    hydrateFallbackElement: <StartingUp />,
    errorElement: <RouteFailure />,
    lazy: async () => ({ Component: (await import("./pages/SignInPage")).SignInPage }),
  },
  {
    // For the public: nobody signs in to complain (CN-37.2).
    path: "/complaints",
    hydrateFallbackElement: <StartingUp />,
    errorElement: <RouteFailure />,
    lazy: async () => ({ Component: (await import("./pages/ComplaintsPage")).ComplaintsPage }),
  },
  {
    path: "/",
    element: <Shell />,
    hydrateFallbackElement: <StartingUp />,
    errorElement: <RouteFailure />,
    children: [
      { index: true, element: <Navigate to="/todos" replace /> },
      { path: "todos", lazy: async () => ({ Component: (await import("./pages/TodosPage")).TodosPage }) },
      { path: "catalog", lazy: async () => ({ Component: (await import("./pages/CatalogPage")).CatalogPage }) },
      { path: "catalog/new", lazy: async () => ({ Component: (await import("./pages/NewEntryPage")).NewEntryPage }) },
      { path: "catalog/:id", lazy: async () => ({ Component: (await import("./pages/EntryPage")).EntryPage }) },
      { path: "catalog/:id/edit", lazy: async () => ({ Component: (await import("./pages/EditEntryPage")).EditEntryPage }) },
      { path: "imports", lazy: async () => ({ Component: (await import("./pages/ImportsPage")).ImportsPage }) },
      { path: "imports/:id", lazy: async () => ({ Component: (await import("./pages/ImportPage")).ImportPage }) },
      { path: "reverse", lazy: async () => ({ Component: (await import("./pages/ReversePage")).ReversePage }) },
      { path: "reverse/:id", lazy: async () => ({ Component: (await import("./pages/ReverseSourcePage")).ReverseSourcePage }) },
      { path: "reverse/:id/runs/:run", lazy: async () => ({ Component: (await import("./pages/ReverseRunPage")).ReverseRunPage }) },
      { path: "catalog/:id/apply", lazy: async () => ({ Component: (await import("./pages/ApplyPage")).ApplyPage }) },
      { path: "cases", lazy: async () => ({ Component: (await import("./pages/CasesPage")).CasesPage }) },
      { path: "cases/:id", lazy: async () => ({ Component: (await import("./pages/CasePage")).CasePage }) },
      { path: "start", lazy: async () => ({ Component: (await import("./pages/StartsPage")).StartsPage }) },
      { path: "start/:procedure/:action", lazy: async () => ({ Component: (await import("./pages/StartPage")).StartPage }) },
      { path: "corrections/new", lazy: async () => ({ Component: (await import("./pages/CorrectionPage")).CorrectionPage }) },
      { path: "bulk-apply", lazy: async () => ({ Component: (await import("./pages/BulkApplyPage")).BulkApplyPage }) },
      { path: "account", lazy: async () => ({ Component: (await import("./pages/AccountPage")).AccountPage }) },
      { path: "org", lazy: async () => ({ Component: (await import("./pages/OrgPage")).OrgPage }) },
      { path: "catalog/:id/quality", lazy: async () => ({ Component: (await import("./pages/QualityPage")).QualityPage }) },
      { path: "grants", lazy: async () => ({ Component: (await import("./pages/GrantsPage")).GrantsPage }) },
      { path: "grants/:id", lazy: async () => ({ Component: (await import("./pages/GrantPage")).GrantPage }) },
      { path: "cart", lazy: async () => ({ Component: (await import("./pages/CartPage")).CartPage }) },
      { path: "demands", lazy: async () => ({ Component: (await import("./pages/DemandsPage")).DemandsPage }) },
      { path: "demands/new", lazy: async () => ({ Component: (await import("./pages/NewDemandPage")).NewDemandPage }) },
      { path: "demands/:id", lazy: async () => ({ Component: (await import("./pages/DemandPage")).DemandPage }) },
      { path: "governance", lazy: async () => ({ Component: (await import("./pages/GovernancePage")).GovernancePage }) },
      { path: "risk", lazy: async () => ({ Component: (await import("./pages/RiskPage")).RiskPage }) },
      { path: "calendar", lazy: async () => ({ Component: (await import("./pages/CalendarPage")).CalendarPage }) },
      { path: "supervision", lazy: async () => ({ Component: (await import("./pages/SupervisionPage")).SupervisionPage }) },
      { path: "receipts", lazy: async () => ({ Component: (await import("./pages/ReceiptPage")).ReceiptPage }) },
      { path: "receipts/:id", lazy: async () => ({ Component: (await import("./pages/ReceiptPage")).ReceiptPage }) },
      { path: "*", lazy: async () => ({ Component: (await import("./pages/MissingPage")).MissingPage }) },
    ],
  },
]);
