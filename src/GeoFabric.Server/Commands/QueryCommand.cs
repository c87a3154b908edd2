using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using GeoFabric.Primitives.Errors;
using GeoFabric.Query.Execution;
using GeoFabric.Server.Demonstration;

namespace GeoFabric.Server.Commands;

/// <summary><c>geofabric query</c>: runs a query at a server, explains it, or lays its text out. Rows go to standard output, everything else to standard error.</summary>
internal static class QueryCommand
{
    private const string FabricVariable = "GEOFABRIC_FABRIC";
    private const int NotFound = 3;
    private const int NotAllowed = 4;
    private const int Conflict = 5;
    private const int Unreachable = 6;
    private const int Failed = 1;

    /// <summary>What was given, taken together.</summary>
    private sealed record Options(Uri Server, string Fabric, JsonObject BindVars, bool IsExplained, bool IsProfiled, string Output, int BatchSize);

    public static Command Create()
    {
        var argument = new Argument<string?>("text") { Description = "The query; read from standard input when it is not given in any way.", Arity = ArgumentArity.ZeroOrOne };
        var text = new Option<string?>("--command", "-c") { Description = "The query.", HelpName = "TEXT" };
        var file = new Option<FileInfo?>("--file", "-f") { Description = "A file with the query.", HelpName = "FILE" };
        var bind = new Option<string[]>("--bind") { Description = "A bind parameter: a JSON value, or else a text. Several are given by several --bind; @NAME=COLLECTION for a collection.", HelpName = "NAME=VALUE" };
        var explain = new Option<bool>("--explain") { Description = "Show the plan with estimated rows, and do not run the query unless --profile says so." };
        var profile = new Option<bool>("--profile") { Description = "Run the query and show the plan with real rows and times." };
        var format = new Option<bool>("--format") { Description = "Print the query with one operation on a line. Comments are kept; no server is asked." };
        var json = new Option<bool>("--json") { Description = "The same as --output json; with --explain the server's whole answer." };
        var output = new Option<string?>("--output") { Description = "Form of the rows. A table in a terminal, else jsonl, unless told.", HelpName = "table|json|jsonl|csv" };
        output.AcceptOnlyFromAmong([.. RowFormat.All]);
        var fabric = new Option<string>("--fabric")
        {
            Description = $"Fabric to ask; the variable {FabricVariable} names another one than _system.",
            HelpName = "NAME",
            DefaultValueFactory = _ => Environment.GetEnvironmentVariable(FabricVariable) is { Length: > 0 } name ? name : "_system",
        };
        var batchSize = new Option<int>("--batch-size") { Description = "Rows fetched at a time.", HelpName = "N", DefaultValueFactory = _ => 1000 };
        batchSize.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() < 1)
                result.AddError("--batch-size takes a number from 1");
        });
        var server = AdministratorClient.ServerOption();
        var command = new Command("query", "Run a query, explain it, or lay its text out.") { argument, text, file, bind, explain, profile, format, json, output, fabric, batchSize, server };
        command.SetAction((parsed, cancellationToken) => CommandLine.RunGuardedAsync(async () =>
        {
            var query = await ReadAsync(parsed.GetValue(argument), parsed.GetValue(text), parsed.GetValue(file), cancellationToken);
            if (query is null)
                return CommandLine.WrongUsage;
            if (parsed.GetValue(format))
                return await FormatAsync(query);
            if (await ReadBindVarsAsync(parsed.GetValue(bind) ?? []) is not { } bindVars)
                return CommandLine.WrongUsage;
            var form = parsed.GetValue(json) ? RowFormat.Json : parsed.GetValue(output) ?? (Console.IsOutputRedirected ? RowFormat.JsonLines : RowFormat.Table);
            var options = new Options(
                parsed.GetRequiredValue(server), parsed.GetRequiredValue(fabric), bindVars, parsed.GetValue(explain), parsed.GetValue(profile), form, parsed.GetValue(batchSize));
            return await AskAsync(query, options, cancellationToken);
        }));
        return command;
    }

    /// <returns>Null when it was said in two ways or in none.</returns>
    private static async Task<string?> ReadAsync(string? argument, string? text, FileInfo? file, CancellationToken cancellationToken)
    {
        if (new object?[] { argument, text, file }.Count(source => source is not null) > 1)
        {
            await CommandLine.SayAsync("give the query once: as the text, with --command or with --file");
            return null;
        }
        if (file is not null)
            return await File.ReadAllTextAsync(file.FullName, cancellationToken);
        if ((argument ?? text) is { } given)
            return given;
        // Nobody waits for what is typed at a prompt that is not shown.
        if (Console.IsInputRedirected)
            return await Console.In.ReadToEndAsync(cancellationToken);
        await CommandLine.SayAsync("there is no query; give its text, --file FILE, or pipe it in");
        return null;
    }

    private static async Task<int> FormatAsync(string query)
    {
        try
        {
            await Console.Out.WriteAsync(QueryEngine.Format(query));
            return 0;
        }
        catch (GeoFabricException error)
        {
            await CommandLine.SayAsync(error.Message);
            if (error.Place is { } place)
                await Console.Error.WriteAsync(ErrorExcerpt.Draw(query, place));
            return Failed;
        }
    }

    private static async Task<JsonObject?> ReadBindVarsAsync(string[] pairs)
    {
        var values = new JsonObject();
        foreach (var pair in pairs)
        {
            var equals = pair.IndexOf('=');
            if (equals <= 0)
            {
                await CommandLine.SayAsync($"--bind takes NAME=VALUE, not '{pair}'");
                return null;
            }
            // As people write them in queries, with the sign of a value; that of a collection belongs to the name.
            var name = pair.StartsWith("@@", StringComparison.Ordinal) ? pair[1..equals] : pair[..equals];
            values[name] = ReadValue(pair[(equals + 1)..]);
        }
        return values;
    }

    private static JsonNode? ReadValue(string text)
    {
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return text;
        }
    }

    private static async Task<int> AskAsync(string query, Options options, CancellationToken cancellationToken)
    {
        try
        {
            using var client = await AdministratorClient.ConnectAsync(options.Server, cancellationToken);
            if (options.IsProfiled)
                await RunAsync(client, query, options, cancellationToken);
            else if (options.IsExplained)
                await ExplainAsync(client, query, options, cancellationToken);
            else
                await RunAsync(client, query, options, cancellationToken);
            return 0;
        }
        catch (ServerRefusalException error)
        {
            await CommandLine.SayAsync(error.Message);
            if (error.Answer["position"] is { } position)
            {
                await Console.Error.WriteAsync(ErrorExcerpt.Draw(query, new ErrorPlace(
                    (int)position["line"]!, (int)position["column"]!, (int)position["offset"]!, (int)position["length"]!, (string?)error.Answer["suggestion"])));
            }
            return error.Status switch
            {
                404 => NotFound,
                401 or 403 => NotAllowed,
                409 or 412 => Conflict,
                _ => Failed,
            };
        }
        catch (IOException error) when (error.InnerException is HttpRequestException)
        {
            await CommandLine.SayAsync(error.Message);
            return Unreachable;
        }
    }

    private static async Task ExplainAsync(AdministratorClient client, string query, Options options, CancellationToken cancellationToken)
    {
        var body = new JsonObject { ["query"] = query, ["bindVars"] = options.BindVars.DeepClone() };
        var answer = await client.SendAsync(HttpMethod.Post, PathTo(options, "/query/explain"), body, cancellationToken);
        await Console.Out.WriteAsync(options.Output == RowFormat.Json
            ? RowFormat.Compact(answer) + "\n"
            : PlanPicture.Draw(answer["plan"]!.AsObject(), answer["advice"] as JsonArray, null, Terminal.Standard));
        await SayWarningsAsync(answer["warnings"] as JsonArray);
    }

    private static async Task RunAsync(AdministratorClient client, string query, Options options, CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        var body = new JsonObject
        {
            ["query"] = query,
            ["bindVars"] = options.BindVars.DeepClone(),
            ["batchSize"] = options.BatchSize,
            ["options"] = new JsonObject { ["profile"] = options.IsProfiled ? 2 : 0 },
        };
        var first = await client.SendAsync(HttpMethod.Post, PathTo(options, "/cursor"), body, cancellationToken);
        var extra = first["extra"]!.AsObject();
        var rows = new List<JsonNode?>();
        var count = 0L;
        for (var page = first; ; page = await client.SendAsync(HttpMethod.Put, PathTo(options, $"/cursor/{page["id"]}"), null, cancellationToken))
        {
            count += page["result"]!.AsArray().Count;
            if (!options.IsProfiled)
                rows.AddRange(page["result"]!.AsArray());
            // Only these need no other row: they are printed as they come.
            if (options.Output == RowFormat.JsonLines)
            {
                await Console.Out.WriteAsync(RowFormat.Write(options.Output, rows));
                rows.Clear();
            }
            if (!(bool)page["hasMore"]!)
                break;
        }
        if (options.IsProfiled)
        {
            await Console.Out.WriteAsync(options.Output == RowFormat.Json
                ? RowFormat.Compact(extra) + "\n"
                : PlanPicture.Draw(extra["plan"]!.AsObject(), extra["advice"] as JsonArray, extra["stats"]!["nodes"] as JsonArray, Terminal.Standard));
        }
        else
        {
            await Console.Out.WriteAsync(options.Output == RowFormat.JsonLines ? "" : RowFormat.Write(options.Output, rows));
        }
        await SayWarningsAsync(extra["warnings"] as JsonArray);
        var writes = (long)extra["stats"]!["writesExecuted"]!;
        await Console.Error.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"{count:#,0} row{(count == 1 ? "" : "s")}{(writes > 0 ? $", {writes:#,0} written" : "")}, {(double)extra["stats"]!["executionTime"]! * 1000:0.0} ms in the server, {Stopwatch.GetElapsedTime(began).TotalMilliseconds:0} ms in all"));
    }

    private static async Task SayWarningsAsync(JsonArray? warnings)
    {
        foreach (var group in (warnings ?? []).GroupBy(warning => (Code: (int)warning!["code"]!, Message: (string)warning["message"]!)))
            await Console.Error.WriteLineAsync($"warning {group.Key.Code}{(group.Count() > 1 ? $" ({group.Count()} times)" : "")}: {group.Key.Message}");
    }

    private static string PathTo(Options options, string call) => $"/_fabric/{Uri.EscapeDataString(options.Fabric)}/_api{call}";
}
