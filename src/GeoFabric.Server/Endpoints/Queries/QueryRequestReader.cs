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

    /// <summary>What nearly all requests have; the other names need not be looked up where there is nothing else.</summary>
    private static readonly byte[][] Usual = ["query"u8.ToArray(), "bindVars"u8.ToArray(), "batchSize"u8.ToArray()];

    public static QueryRequest Read(RequestFields body, string text, Value bindVars)
    {
        if (HasOnlyUsual(body))
            return new QueryRequest(text, bindVars) { BatchSize = ReadBatchSize(body) };
        var options = body.Fields("options"u8);
        var defaults = QueryLimits.Default;
        var memory = Number(body, options, "memoryLimit"u8) ?? 0;
        var runtime = Number(body, options, "maxRuntime"u8) ?? 0;
        var spillAt = Number(body, options, "spillOverThresholdMemoryUsage"u8) ?? 0;
        var timeToLive = Number(body, options, "ttl"u8) ?? 0;
        return new QueryRequest(text, bindVars)
        {
            BatchSize = ReadBatchSize(Holder(body, options, "batchSize"u8)),
            IsStream = Flag(body, options, "stream"u8),
            // A stream is not counted before it is read; clients that ask for both know that.
            Count = Flag(body, options, "count"u8) && !Flag(body, options, "stream"u8),
            AllowRetry = Flag(body, options, "allowRetry"u8),
            ClientId = ReadClientId(Holder(body, options, "clientId"u8).Text("clientId"u8)),
            FullCount = Flag(body, options, "fullCount"u8),
            FailOnWarning = Flag(body, options, "failOnWarning"u8),
            Profile = ReadProfile(Holder(body, options, "profile"u8)),
            TimeToLive = TimeSpan.FromSeconds(timeToLive > 0 ? Math.Min(timeToLive, TimeToLiveSecondsMax) : 30),
            Rules = ReadRules(body, options),
            Limits = defaults with
            {
                MemoryBytes = memory > 0 ? (long)Math.Min(memory, defaults.MemoryBytes) : defaults.MemoryBytes,
                Runtime = runtime > 0 && runtime < defaults.Runtime.TotalSeconds ? TimeSpan.FromSeconds(runtime) : defaults.Runtime,
                SpillAtBytes = spillAt > 0 ? (long)Math.Clamp(spillAt, SpillAtBytesMin, defaults.MemoryBytes) : defaults.SpillAtBytes,
                Warnings = (int)Math.Min(Number(body, options, "maxWarningCount"u8) ?? defaults.Warnings, 10_000),
            },
        };
    }

    private static bool HasOnlyUsual(RequestFields body)
    {
        var attributes = body.Body.Attributes;
        var rest = attributes.Count;
        foreach (var name in Usual)
        {
            if (attributes.Contains(name))
                rest--;
        }
        return rest == 0;
    }

    private static int ReadBatchSize(RequestFields fields) => (int)(fields.Integer("batchSize"u8, 1, BatchSizeMax) ?? QueryRequest.DefaultBatchSize);

    private static string? ReadClientId(string? id) => id is null or { Length: <= ClientIdLengthMax }
        ? id
        : throw ErrorCodes.BadParameter.With($"attribute 'clientId' has {id.Length} characters; it takes up to {ClientIdLengthMax}");

    private static RequestFields Holder(RequestFields body, RequestFields options, ReadOnlySpan<byte> name) =>
        options.Body.Attributes.Contains(name) ? options : body;

    private static double? Number(RequestFields body, RequestFields options, ReadOnlySpan<byte> name) => Holder(body, options, name).Number(name, 0);

    private static bool Flag(RequestFields body, RequestFields options, ReadOnlySpan<byte> name) => Holder(body, options, name).Boolean(name, false);

    /// <summary>How much is told of a run: 0 to 2, or whether at all.</summary>
    private static int ReadProfile(RequestFields fields) => fields.Body.GetAttribute("profile"u8).IsBoolean
        ? fields.Boolean("profile"u8, false) ? 1 : 0
        : (int)(fields.Integer("profile"u8, 0, 2) ?? 0);

    /// <summary>Rules are given as <c>optimizer: {rules}</c>, or under the one name that descriptions of the API have for both.</summary>
    private static RuleSelection ReadRules(RequestFields body, RequestFields options)
    {
        var rules = Holder(body, options, "optimizer"u8).Fields("optimizer"u8).Texts("rules"u8);
        if (rules.Count == 0)
            rules = Holder(body, options, "optimizer.rules"u8).Texts("optimizer.rules"u8);
        return rules.Count == 0 ? RuleSelection.Default : new RuleSelection(rules);
    }
}
