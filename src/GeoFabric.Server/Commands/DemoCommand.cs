using System.CommandLine;
using GeoFabric.Database;
using GeoFabric.Primitives.Errors;
using GeoFabric.Server.Hosting;
using GeoFabric.Server.Options;

namespace GeoFabric.Server.Commands;

/// <summary><c>geofabric demo</c>: a server with the address book in it, and lines to paste.</summary>
internal static class DemoCommand
{
    public static Command Create()
    {
        var port = CommandLine.PortOption();
        var data = CommandLine.DataOption("Directory of the data. The default one is begun anew at every start; one given here keeps what is in it.", Path.Combine(".geofabric", "demo"));
        var keep = new Option<bool>("--keep") { Description = "Go on with the data of the last demo." };
        var command = new Command("demo", "Start a server with the address book in it; prints URLs, login, a token and curl lines.") { port, data, keep };
        command.SetAction((parsed, cancellationToken) => CommandLine.RunGuardedAsync(() => RunAsync(
            new ServerOptions
            {
                DataDirectory = Path.GetFullPath(parsed.GetRequiredValue(data)),
                Port = parsed.GetValue(port),
                Login = new LoginOptions { RootPassword = DemoData.Password },
            },
            isAnew: !parsed.GetValue(keep) && parsed.GetResult(data) is null or { Implicit: true },
            cancellationToken)));
        return command;
    }

    private static async Task<int> RunAsync(ServerOptions options, bool isAnew, CancellationToken cancellationToken)
    {
        var started = TimeProvider.System.GetTimestamp();
        if (isAnew)
            await DeleteAsync(options, cancellationToken);
        await using (var server = await ServerHost.StartAsync(options, TimeProvider.System, cancellationToken))
        {
            var token = await DemoData.LoadAsync(server.Url, cancellationToken);
            await Console.Out.WriteAsync(Describe(Terminal.Standard, server.Url, token, options.DataDirectory!, isAnew, TimeProvider.System.GetElapsedTime(started)));
            await server.WaitForShutdownAsync(cancellationToken);
        }
        await Console.Out.WriteLineAsync("GeoFabric has stopped.");
        return 0;
    }

    /// <summary>Deletes the data of the last demo, unless one is running on it.</summary>
    private static async Task DeleteAsync(ServerOptions options, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(options.DataDirectory))
            return;
        try
        {
            await using var databases = await DatabaseHost.OpenAsync(new DatabaseOptions { DataDirectory = options.DataDirectory }, TimeProvider.System, cancellationToken);
        }
        catch (GeoFabricException error) when (error.Code == ErrorCodes.DataDirectoryUnusable)
        {
            // Damaged, or of another version: one more reason to begin anew.
        }
        Directory.Delete(options.DataDirectory, recursive: true);
    }

    internal static string Describe(Terminal terminal, string url, string token, string directory, bool isAnew, TimeSpan elapsed)
    {
        var fabric = url + DemoData.Fabric;
        const string Authorization = """-H "Authorization: bearer $TOKEN" """;
        return $$$"""

            {{{terminal.Bold("GeoFabric demo")}}}   one region, an address book of 500 people   {{{terminal.Faint($"ready in {elapsed.TotalSeconds:F1} s")}}}

              Explorer   {{{terminal.Link(url + "/swagger")}}}   press Authorize, paste the token
              Server     {{{terminal.Link(url)}}}
              Login      tenant {{{terminal.Bold("_mm")}}}   user {{{terminal.Bold("root")}}}   password {{{terminal.Bold(DemoData.Password)}}}
              Data       {{{directory}}}   {{{terminal.Faint(isAnew ? "begun anew at every start; --keep keeps it" : "kept")}}}

            Paste this token first, then any of the lines below it; it is good for 12 hours.

            TOKEN={{{token}}}

            {{{terminal.Bold("A saved query is an endpoint:")}}} the first five people
            curl -sw '\n' -X POST {{{fabric}}}/restql/execute/showAddresses {{{Authorization}}}-d '{"batchSize":5}'

            {{{terminal.Bold("It takes parameters:")}}} who lives in Dublin
            curl -sw '\n' -X POST {{{fabric}}}/restql/execute/byCity {{{Authorization}}}-d '{"bindVars":{"city":"Dublin"}}'

            {{{terminal.Bold("Ask anything:")}}} people per country
            curl -sw '\n' -X POST {{{fabric}}}/cursor {{{Authorization}}}-d '{"query":"FOR a IN addresses COLLECT country = a.country WITH COUNT INTO people SORT people DESC RETURN {country, people}"}'

            {{{terminal.Bold("Log in again:")}}} prints another token
            curl -sw '\n' {{{url}}}/_open/auth -d '{"tenant":"_mm","username":"root","password":"{{{DemoData.Password}}}"}'
            {{{DescribeWalk(terminal, url)}}}
            Ctrl+C stops the server.

            """;
    }

    /// <summary>The walk lies in the repository, which a copied program may not have beside it.</summary>
    private static string DescribeWalk(Terminal terminal, string url)
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            var walk = Path.Combine(directory.FullName, "samples", "addressbook", "walk.sh");
            if (File.Exists(walk))
                return $"\n{terminal.Bold("The whole walk, each step asserted:")}\n{(walk.Contains(' ') ? $"'{walk}'" : walk)} {url} {DemoData.Password}\n";
        }
        return "";
    }
}
