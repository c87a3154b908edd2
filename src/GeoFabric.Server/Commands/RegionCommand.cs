using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using GeoFabric.Server.Cluster;

namespace GeoFabric.Server.Commands;

/// <summary><c>geofabric region</c>: the regions of the cluster that a running server belongs to.</summary>
internal static class RegionCommand
{
    private static readonly JsonSerializerOptions s_indented = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly string[] s_columns = ["REGION", "STATE", "NUMBER", "LINK", "LAG", "PLACE", "PUBLIC URL"];

    internal delegate Task<JsonObject> Call(AdministratorClient client, ParseResult parsed, CancellationToken cancellationToken);

    internal delegate Task Print(JsonObject answer, ParseResult parsed);

    public static Command Create() => new("region", "List, admit and change the regions of a cluster, by asking a running server.")
    {
        List(), Add(), Describe(), Certificate(), Fail(), Heal(), Group(), Cut(), Mend(), Promote(), Remove(), RegionSalvage.Create(), RegionVerification.Create(),
    };

    private static Command List() => Build(
        new Command("list", "List the regions, their states and links, as the server sees them."),
        (client, _, cancellationToken) => client.SendAsync(HttpMethod.Get, "/_api/region", null, cancellationToken),
        (answer, _) => Console.Out.WriteAsync(Table(answer["result"]!.AsObject())));

    private static Command Add()
    {
        var name = NameArgument("Name of the new region; of a removed one to let it come back.");
        var place = new PlaceOptions();
        var file = JoinFileOption();
        var command = new Command("add", "Admit a region. Ask the home region's server; it makes a file that the new region's server starts with.") { name, file };
        place.AddTo(command);
        return Build(
            command,
            (client, parsed, cancellationToken) =>
            {
                var body = place.Read(parsed);
                body["name"] = parsed.GetRequiredValue(name);
                return client.SendAsync(HttpMethod.Post, "/_api/region", body, cancellationToken);
            },
            (answer, parsed) => SaveAsync(answer, parsed.GetRequiredValue(name), parsed.GetValue(file)));
    }

    private static Command Certificate()
    {
        var name = NameArgument("Name of a member.");
        var file = JoinFileOption();
        return Build(
            new Command("certificate", "Make another join file for a region whose certificate is lost or has run out; the old certificate ends.") { name, file },
            (client, parsed, cancellationToken) => client.SendAsync(HttpMethod.Post, $"/_api/region/{parsed.GetRequiredValue(name)}/certificate", [], cancellationToken),
            (answer, parsed) => SaveAsync(answer, parsed.GetRequiredValue(name), parsed.GetValue(file)));
    }

    private static Command Describe()
    {
        var name = NameArgument("Name of a member.");
        var place = new PlaceOptions();
        var command = new Command("describe", "Change what is said about a region.") { name };
        place.AddTo(command);
        return Build(
            command,
            (client, parsed, cancellationToken) => client.SendAsync(HttpMethod.Patch, $"/_api/region/{parsed.GetRequiredValue(name)}", place.Read(parsed), cancellationToken),
            SayStateAsync);
    }

    private static Command Fail() => Simple("fail", "Take a region out of service: it serves no clients and exchanges nothing until it is healed.", HttpMethod.Post, "/fail");

    private static Command Heal() => Simple("heal", "Take a failed region back into service.", HttpMethod.Post, "/heal");

    private static Command Group()
    {
        var name = new Argument<string>("NAME") { Description = "Name of the new group." };
        var regions = new Argument<string[]>("REGION") { Description = "Its regions.", Arity = ArgumentArity.OneOrMore };
        return Build(
            new Command("group", "Name a set of regions for collections that only they keep (\"replication\":{\"scope\":\"group:NAME\"}). It never changes.") { name, regions },
            (client, parsed, cancellationToken) => client.SendAsync(
                HttpMethod.Post,
                "/_api/region-group",
                new JsonObject { ["name"] = parsed.GetRequiredValue(name), ["regions"] = new JsonArray([.. parsed.GetRequiredValue(regions).Select(region => (JsonNode)region)]) },
                cancellationToken),
            (answer, parsed) => Console.Error.WriteLineAsync($"group '{parsed.GetRequiredValue(name)}' is {string.Join(", ", answer["result"]!["regions"]!.AsArray())}"));
    }

    private static Command Cut() => Disturb("cut", isCut: true, "Cut a region off from the others while it goes on serving clients; where servers run with --allow-faults.");

    private static Command Mend() => Disturb("mend", isCut: false, "Undo a cut.");

    private static Command Disturb(string verb, bool isCut, string description)
    {
        var name = NameArgument("Name of a member.");
        var from = new Option<string?>("--from") { Description = "The one region to cut it off from; all others when not given.", HelpName = "NAME" };
        return Build(
            new Command(verb, description) { name, from },
            (client, parsed, cancellationToken) => DisturbAsync(client, parsed.GetRequiredValue(name), parsed.GetValue(from), isCut, cancellationToken),
            (_, parsed) => Console.Out.WriteLineAsync(
                $"region '{parsed.GetRequiredValue(name)}' is {(isCut ? "cut off from" : "linked again to")} {parsed.GetValue(from) ?? "all others"}"));
    }

    /// <summary>Both regions at the ends of a link are asked: each decides for what leaves and what it takes.</summary>
    private static async Task<JsonObject> DisturbAsync(AdministratorClient client, string name, string? from, bool isCut, CancellationToken cancellationToken)
    {
        var answer = await client.SendAsync(HttpMethod.Get, "/_api/region", null, cancellationToken);
        var regions = answer["result"]!["regions"]!.AsArray().Select(region => region!.AsObject()).Where(region => (string)region["state"]! != "removed")
            .ToDictionary(region => (string)region["name"]!, region => (string)region["publicUrl"]!, StringComparer.Ordinal);
        foreach (var wanted in new[] { name, from }.Where(wanted => wanted is not null && !regions.ContainsKey(wanted)))
            throw new IOException($"there is no region '{wanted}'; there are {string.Join(", ", regions.Keys)}");
        var last = new JsonObject();
        foreach (var other in regions.Keys.Where(other => other != name && (from is null || other == from)))
        {
            foreach (var (at, to) in new[] { (other, name), (name, other) })
            {
                using var end = await AdministratorClient.ConnectAsync(new Uri(regions[at]), cancellationToken);
                last = await end.SendAsync(HttpMethod.Put, $"/_api/region/{Uri.EscapeDataString(to)}/link", new JsonObject { ["isCut"] = isCut }, cancellationToken);
            }
        }
        return last;
    }

    private static Command Promote()
    {
        var force = new Option<bool>("--force")
        {
            Description = "Take over although the home cannot hand over; ask the server of the region that is to be home. What the home had not sent yet is merged when it comes back.",
        };
        return Simple("promote", "Make a region the home, where tenants, users, fabrics and strongly consistent collections are written.", HttpMethod.Post, "/promote", force, "force");
    }

    private static Command Remove()
    {
        var gone = new Option<bool>("--gone") { Description = "The region is lost and cannot be asked: the others lack what only it holds until its data directory is salvaged." };
        return Simple("remove", "End a region's membership. It may come back with an empty data directory; 'region salvage' takes over what only it had.", HttpMethod.Delete, "", gone, "isGone");
    }

    private static Command Simple(string verb, string description, HttpMethod method, string path, Option<bool>? flag = null, string parameter = "")
    {
        var name = NameArgument("Name of a member.");
        var command = new Command(verb, description) { name };
        if (flag is not null)
            command.Add(flag);
        return Build(
            command,
            (client, parsed, cancellationToken) => client.SendAsync(
                method,
                $"/_api/region/{Uri.EscapeDataString(parsed.GetRequiredValue(name))}{path}{(flag is not null && parsed.GetValue(flag) ? $"?{parameter}=true" : "")}",
                null,
                cancellationToken),
            SayStateAsync);
    }

    private static Argument<string> NameArgument(string description) => new("NAME") { Description = description };

    private static Option<string?> JoinFileOption() => new("--out") { Description = "File to write, for the owner only; NAME.join when not given.", HelpName = "FILE" };

    /// <summary>Gives a command its server, the choice of JSON, and what it does.</summary>
    /// <param name="demand">Makes the command fail, whichever way it has printed, by throwing what is wrong with the answer.</param>
    internal static Command Build(Command command, Call call, Print print, Action<JsonObject>? demand = null)
    {
        var server = AdministratorClient.ServerOption();
        var json = new Option<bool>("--json") { Description = "Print the server's answer." };
        command.Add(server);
        command.Add(json);
        command.SetAction((parsed, cancellationToken) => CommandLine.RunGuardedAsync(async () =>
        {
            using var client = await AdministratorClient.ConnectAsync(parsed.GetRequiredValue(server), cancellationToken);
            var answer = await call(client, parsed, cancellationToken);
            if (parsed.GetValue(json))
                await Console.Out.WriteLineAsync(answer["result"]!.ToJsonString(s_indented));
            // A table would follow its own JSON; everything else is talk, or a file.
            if (!parsed.GetValue(json) || command.Name is not ("list" or "verify" or "salvage"))
                await print(answer, parsed);
            demand?.Invoke(answer);
            return 0;
        }));
        return command;
    }

    private static async Task SaveAsync(JsonObject answer, string name, string? file)
    {
        file ??= name + ".join";
        ClusterFiles.WriteOwnerOnly(Path.GetFullPath(file), (string)answer["joinFile"]!);
        await Console.Error.WriteLineAsync($"{file} is for region '{name}' alone, and secret. There:  geofabric start --join {file} --peer-port 8530 --data DIR");
    }

    private static async Task SayStateAsync(JsonObject answer, ParseResult parsed)
    {
        var region = answer["result"]!;
        foreach (var silent in answer["silent"]?.AsArray() ?? [])
            await Console.Error.WriteLineAsync($"region '{silent}' did not answer; it follows when it does");
        await Console.Error.WriteLineAsync($"region '{region["name"]}' is {region["state"]}{((bool)region["isHome"]! ? " and the home" : "")}");
    }

    private static string Table(JsonObject result)
    {
        var rows = new List<string[]> { s_columns };
        foreach (var region in result["regions"]!.AsArray().Select(region => region!.AsObject()))
        {
            rows.Add(
            [
                (string)region["name"]!,
                (string)region["state"]! + ((bool)region["isHome"]! ? ", home" : ""),
                ((int)region["number"]!).ToString(CultureInfo.InvariantCulture),
                (bool)region["isLocal"]! ? "this one" : DescribeLink(region["link"]),
                region["lagMilliseconds"] is { } lag ? $"{lag} ms" : "",
                string.Join(", ", new[] { (string)region["city"]!, (string)region["country"]! }.Where(text => text.Length > 0)),
                (string)region["publicUrl"]!,
            ]);
        }
        return Align(rows);
    }

    /// <summary>Rows as lines with their cells below each other.</summary>
    internal static string Align(List<string[]> rows)
    {
        var widths = Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length)).ToArray();
        return string.Concat(rows.Select(row => string.Join("   ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd() + "\n"));
    }

    private static string DescribeLink(JsonNode? link) => link switch
    {
        null => "",
        _ when (bool)link["isConnected"]! => "up",
        _ when (bool)link["isCut"]! => "cut",
        _ => "down",
    };

    /// <summary>What is said about a region, as options.</summary>
    private sealed class PlaceOptions
    {
        private readonly Option<string?>[] _texts =
        [
            new("--display-name") { Description = "What people call it.", HelpName = "TEXT" },
            new("--city") { Description = "City it is in.", HelpName = "TEXT" },
            new("--country-code") { Description = "Two letters of its country.", HelpName = "XX" },
            new("--country") { Description = "Its country.", HelpName = "TEXT" },
        ];

        private readonly Option<double?> _latitude = new("--latitude") { Description = "Degrees north.", HelpName = "N" };
        private readonly Option<double?> _longitude = new("--longitude") { Description = "Degrees east.", HelpName = "N" };
        private readonly Option<bool?> _isSpot = new("--spot") { Description = "Whether it may lead strongly consistent writes: true or false." };

        public void AddTo(Command command)
        {
            foreach (var option in _texts)
                command.Add(option);
            command.Add(_latitude);
            command.Add(_longitude);
            command.Add(_isSpot);
        }

        public JsonObject Read(ParseResult parsed)
        {
            var body = new JsonObject();
            foreach (var (option, name) in _texts.Zip(["displayName", "city", "countryCode", "country"]))
            {
                if (parsed.GetValue(option) is { } text)
                    body[name] = text;
            }
            if (parsed.GetValue(_latitude) is { } latitude)
                body["latitude"] = latitude;
            if (parsed.GetValue(_longitude) is { } longitude)
                body["longitude"] = longitude;
            if (parsed.GetValue(_isSpot) is { } isSpot)
                body["isSpot"] = isSpot;
            return body;
        }
    }
}
