namespace Bank.CommandLine;

internal static class Usage
{
    public const string Text = """
        A bank on event-sourced accounts.

          (no command) [--exit]         open the book, import the shipped journal on the first run, serve; --exit: stop before serving
          import FILE… [--exit]         import what 'hledger print -O csv' or
                                        'bean-query -f csv FILE "select id, date, flag, payee, narration, account,
                                        str(number) as number, currency"' wrote, with cells separated by commas, semicolons or tabs
          balances [--csv]              print account, currency and balance from the read model
          projections … --postgres CONNECTION
                                        show, rebuild and verify read models in PostgreSQL, resume parked ones; alone: help
          audit                         re-fold every stream and compare with the read model and with zero-sum

          --data DIR                    the folder of the book (default: data)
          --bookkeeper HOST:PORT        keep the ledgers on the bookies of this ZooKeeper instead; the folder then holds the read models only
          --postgres CONNECTION         keep the read models in PostgreSQL instead: "Host=…;Database=…;Username=…"; or set
                                        ConnectionStrings__Bank in the environment
          --port N, --urls URLS         addresses to serve on (default: http://localhost:5080)
          --hosts NAMES                 more host names to answer to, separated by semicolons, besides those of --urls and localhost; or set
                                        AllowedHosts in the environment
        """;
}
