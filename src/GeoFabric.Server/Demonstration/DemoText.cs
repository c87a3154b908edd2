namespace GeoFabric.Server.Demonstration;

/// <summary>What the demonstration prints once its regions are there: every line of it can be pasted.</summary>
internal static class DemoText
{
    public static string Describe(Terminal terminal, IReadOnlyList<DemoRegion> regions, string token, string directory, bool isAnew, bool restarts, TimeSpan elapsed)
    {
        var (home, europe, asia) = (regions[0], regions[1], regions[2]);
        var fabric = home.Url + DemoData.Fabric;
        const string Authorization = """-H "Authorization: bearer $TOKEN" """;
        var hit = $"curl -sw '\\n' -X POST {{0}}{DemoData.Fabric}/restql/execute/{HitWorkload.QueryName} {Authorization.TrimEnd()}";
        return $$$"""

            {{{terminal.Bold("GeoFabric demo")}}}   three regions, an address book of 500 people   {{{terminal.Faint($"ready in {elapsed.TotalSeconds:F1} s")}}}

            {{{DescribeRegions(terminal, regions)}}}
              Console    {{{terminal.Link(home.Url + "/console/")}}}   every region has one; Global fabric shows them on a map
              Explorer   {{{terminal.Link(home.Url + "/swagger")}}}   press Authorize, paste the token
              Login      tenant {{{terminal.Bold("_mm")}}}   user {{{terminal.Bold("root")}}}   password {{{terminal.Bold(DemoData.Password)}}}
              Data       {{{directory}}}   {{{terminal.Faint(isAnew ? "begun anew at every start; --keep keeps it" : "kept")}}}

            Paste this token first, then any of the lines below it; it is good for 12 hours, in every region.

            TOKEN={{{token}}}

            {{{terminal.Bold("A saved query is an endpoint, in every region:")}}} the first five people, from Dublin
            curl -sw '\n' -X POST {{{europe.Url}}}{{{DemoData.Fabric}}}/restql/execute/showAddresses {{{Authorization}}}-d '{"batchSize":5}'

            {{{terminal.Bold("It takes parameters:")}}} who lives in Dublin
            curl -sw '\n' -X POST {{{fabric}}}/restql/execute/byCity {{{Authorization}}}-d '{"bindVars":{"city":"Dublin"}}'

            {{{terminal.Bold("Count in one region and in another:")}}} no hit is lost, each region soon says 2
            {{{string.Format(System.Globalization.CultureInfo.InvariantCulture, hit, home.Url)}}}
            {{{string.Format(System.Globalization.CultureInfo.InvariantCulture, hit, asia.Url)}}}

            {{{terminal.Bold("Ask anything:")}}} people per country
            curl -sw '\n' -X POST {{{fabric}}}/cursor {{{Authorization}}}-d '{"query":"FOR a IN addresses COLLECT country = a.country WITH COUNT INTO people SORT people DESC RETURN {country, people}"}'

            {{{terminal.Bold("Cut a region off, count on both sides, mend it:")}}}
            export GEOFABRIC_TOKEN=$TOKEN
            {{{Launcher}}} region cut ap-southeast --server {{{home.Url}}}
            {{{Launcher}}} region mend ap-southeast --server {{{home.Url}}}

            {{{terminal.Bold("Kill a region:")}}} the others go on; {{{(restarts ? "it starts again after five seconds, with all it acknowledged" : "it stays down")}}}
            kill -9 {{{europe.ProcessId}}}
            {{{Launcher}}} region list --server {{{home.Url}}}

            {{{terminal.Bold("See it told and asserted:")}}}
            {{{Launcher}}} demo --script failover
            {{{Launcher}}} demo --script partition
            {{{DescribeWalk(terminal, home.Url)}}}
            Ctrl+C stops the regions.

            """;
    }

    /// <summary>What users start this program with: the repository's launcher where there is one.</summary>
    private static string Launcher => FindInRepository("geofabric") is { } path ? Quote(path) : "geofabric";

    private static string DescribeRegions(Terminal terminal, IReadOnlyList<DemoRegion> regions)
    {
        var rows = regions.Select(region => new[]
        {
            region.Name, region.Url, region.Place.City, $"process {region.ProcessId}",
            string.Join(", ", region.Place.OneWayDelays.Select(delay => $"{delay.Value} ms from {delay.Key}")),
        }).ToArray();
        rows[0][4] = "home";
        var widths = Enumerable.Range(0, 4).Select(column => rows.Max(row => row[column].Length)).ToArray();
        return string.Concat(rows.Select(row =>
            $"  {terminal.Bold(row[0].PadRight(widths[0]))}   {terminal.Link(row[1])}{"".PadRight(widths[1] - row[1].Length)}   {row[2].PadRight(widths[2])}   {row[3].PadRight(widths[3])}   {terminal.Faint(row[4])}\n"));
    }

    private static string DescribeWalk(Terminal terminal, string url) => FindInRepository("samples", "addressbook", "walk.sh") is { } walk
        ? $"\n{terminal.Bold("The address book, each step asserted:")} begins with an empty one, so it comes last\n{Quote(walk)} {url} {DemoData.Password}\n"
        : "";

    /// <summary>A copied program may not have the repository around it.</summary>
    private static string? FindInRepository(params string[] parts)
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            var path = Path.Combine([directory.FullName, .. parts]);
            if (File.Exists(path))
                return path;
        }
        return null;
    }

    private static string Quote(string path) => path.Contains(' ', StringComparison.Ordinal) ? $"'{path}'" : path;
}
