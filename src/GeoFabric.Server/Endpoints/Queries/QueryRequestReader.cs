using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Execution;
using GeoFabric.Query.Optimizer;
using GeoFabric.Query.Physical;
using GeoFabric.Server.Http;

namespace GeoFabric.Server.Endpoints.Queries;

/// <summary>Reads cursor options; they may stand at the top level of the body or under <c>options</c>.</summary>
internal static class QueryRequestReader
{
    private const int BatchSizeMax = int.MaxValue;
    private const int TimeToLiveSecondsMax = 86_400;

    private const int ClientIdLengthMax = 64;

    /// <summary>Each time that many bytes have come together there is another file, so less would make too many of them.</summary>
    private const double SpillAtBytesMin = 16 << 20;

    public static QueryRequest Read(RequestFields body, string text, Value bindVars)
    {
        var options = body.Fields("options"u8);
        var defaults = QueryLimits.Default;
        var memory = Number(body, options, "memoryLimit"u8) ?? 0;
        var runtime = Number(body, options, "maxRuntime"u8) ?? 0;
        var spillAt = Number(body, options, "spillOverThresholdMemoryUsage"u8) ?? 0;
        var timeToLive = Number(body, options, "ttl"u8) ?? 0;
        return new QueryRequest(text, bindVars)
        {
            BatchSize = (int)(Holder(body, options, "batchSize"u8).Integer("batchSize"u8, 1, BatchSizeMax) ?? QueryRequest.DefaultBatchSize),
            IsStream = Flag(body, options, "stream"u8),
            // A stream is not counted before it is read; clients that ask for both know that.
            Count = Flag(body, options, "count"u8) && !Flag(body, options, "stream"u8),
            AllowRetry = Flag(body, options, "allowRetry"u8),
            ClientId = ReadClientId(Holder(body, options, "clientId"u8).Text("clientId"u8)),
            FullCount = Flag(body, options, "fullCount"u8),
            FailOnWarning = Flag(body, options, "failOnWarning"u8),
            Profile = ReadProfile(Holder(body, options, "profile"u8).Body.GetAttribute("profile"u8)),
            TimeToLive = TimeSpan.FromSeconds(timeToLive > 0 ? Math.Min(timeToLive, TimeToLiveSecondsMax) : 30),
            Rules = ReadRules(Holder(body, options, "optimizer"u8).Body.GetAttribute("optimizer"u8)),
            Limits = defaults with
            {
                MemoryBytes = memory > 0 ? (long)Math.Min(memory, defaults.MemoryBytes) : defaults.MemoryBytes,
                Runtime = runtime > 0 && runtime < defaults.Runtime.TotalSeconds ? TimeSpan.FromSeconds(runtime) : defaults.Runtime,
                SpillAtBytes = spillAt > 0 ? (long)Math.Clamp(spillAt, SpillAtBytesMin, defaults.MemoryBytes) : defaults.SpillAtBytes,
                Warnings = (int)Math.Clamp(Number(body, options, "maxWarningCount"u8) ?? defaults.Warnings, 0, 10_000),
            },
        };
    }

    private static string? ReadClientId(string? id) => id is null or { Length: <= ClientIdLengthMax }
        ? id
        : throw ErrorCodes.BadParameter.With($"attribute 'clientId' has {id.Length} characters; it takes up to {ClientIdLengthMax}");

    private static RequestFields Holder(RequestFields body, RequestFields options, ReadOnlySpan<byte> name) =>
        options.Body.Attributes.Contains(name) ? options : body;

    private static double? Number(RequestFields body, RequestFields options, ReadOnlySpan<byte> name) => Holder(body, options, name).Number(name);

    private static bool Flag(RequestFields body, RequestFields options, ReadOnlySpan<byte> name) => Holder(body, options, name).Body.GetAttribute(name).IsTruthy;

    private static int ReadProfile(Value value) => value.IsNumber ? (int)Math.Clamp(value.Number, 0, 2) : value.IsTruthy ? 1 : 0;

    private static RuleSelection ReadRules(Value optimizer)
    {
        if (optimizer.GetAttribute("rules"u8) is not { IsArray: true } rules || rules.Items.Count == 0)
            return RuleSelection.Default;
        var entries = new List<string>();
        foreach (var rule in rules.Items)
            entries.Add(rule.IsString ? rule.Text : throw ErrorCodes.BadParameter.With("optimizer rules are strings such as \"-all\""));
        return new RuleSelection(entries);
    }
}
