using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Execution;
using GeoFabric.Query.Optimizer;

namespace GeoFabric.Server.Endpoints;

/// <summary>Reads cursor options; they may stand at the top level of the body or under <c>options</c>.</summary>
internal static class QueryRequestReader
{
    private const int BatchSizeMax = 1_000_000;

    public static QueryRequest Read(Value body, string text, Value bindVars)
    {
        var options = body.GetAttribute("options"u8);
        if (!options.IsNull && !options.IsObject)
            throw ErrorCodes.BadParameter.With($"'options' must be an object, not {options}");
        var limits = QueryLimits.Default;
        var memory = Number(body, options, "memoryLimit"u8, 0);
        var runtime = Number(body, options, "maxRuntime"u8, 0);
        var batchSize = Number(body, options, "batchSize"u8, QueryRequest.DefaultBatchSize);
        if (batchSize < 1)
            throw ErrorCodes.BadParameter.With($"batchSize {batchSize}; it is at least 1");
        var timeToLive = Number(body, options, "ttl"u8, 30);
        return new QueryRequest(text, bindVars)
        {
            BatchSize = (int)Math.Min(batchSize, BatchSizeMax),
            Count = Flag(body, options, "count"u8),
            FullCount = Flag(body, options, "fullCount"u8),
            FailOnWarning = Flag(body, options, "failOnWarning"u8),
            Profile = Profile(Find(body, options, "profile"u8)),
            TimeToLive = TimeSpan.FromSeconds(timeToLive > 0 ? Math.Min(timeToLive, 86_400) : 30),
            Rules = Rules(Find(body, options, "optimizer"u8)),
            Limits = limits with
            {
                MemoryBytes = memory > 0 ? (long)Math.Min(memory, limits.MemoryBytes) : limits.MemoryBytes,
                Runtime = runtime > 0 && runtime < limits.Runtime.TotalSeconds ? TimeSpan.FromSeconds(runtime) : limits.Runtime,
                Warnings = (int)Math.Clamp(Number(body, options, "maxWarningCount"u8, limits.Warnings), 0, 10_000),
            },
        };
    }

    private static Value Find(Value body, Value options, ReadOnlySpan<byte> name) =>
        options.TryGetAttribute(name, out var inner) ? inner : body.GetAttribute(name);

    private static double Number(Value body, Value options, ReadOnlySpan<byte> name, double defaultValue) =>
        ApiRequest.MemberNumber(options.Kind == ValueKind.Object && options.Attributes.Contains(name) ? options : body, name, defaultValue);

    private static bool Flag(Value body, Value options, ReadOnlySpan<byte> name) => Find(body, options, name).IsTruthy;

    private static int Profile(Value value) => value.IsNumber ? (int)Math.Clamp(value.Number, 0, 2) : value.IsTruthy ? 1 : 0;

    private static RuleSelection Rules(Value optimizer)
    {
        if (optimizer.GetAttribute("rules"u8) is not { IsArray: true } rules || rules.Items.Count == 0)
            return RuleSelection.Default;
        var entries = new List<string>();
        foreach (var rule in rules.Items)
            entries.Add(rule.IsString ? rule.Text : throw ErrorCodes.BadParameter.With($"optimizer rule {rule}; rules are strings such as \"-all\""));
        return new RuleSelection(entries);
    }
}
