using GeoFabric.Database.Catalog;
using GeoFabric.Primitives.Errors;

namespace GeoFabric.Server.Consistency;

/// <summary>What a request says about consistency: a level in the header, in a query parameter or by the contract's flag, and the token of its session.</summary>
/// <param name="Level">Null when the request leaves it to collection and fabric.</param>
/// <param name="SessionText">Null without the header; empty to begin a session.</param>
internal readonly record struct RequestConsistency(ConsistencyLevel? Level, string? SessionText)
{
    public const string LevelHeader = "X-GF-Consistency";
    public const string SessionHeader = "X-GF-Session";
    public const string LevelParameter = "consistency";
    public const string StrongParameter = "strongConsistency";

    public bool SaysNothing => Level is null && SessionText is null;

    /// <exception cref="GeoFabricException">10 for a level there is not, or for two that differ.</exception>
    public static RequestConsistency Read(HttpRequest request)
    {
        ConsistencyLevel? level = null;
        if (request.Headers.TryGetValue(LevelHeader, out var header))
            level = ConsistencyLevel.Parse(header.ToString(), $"header {LevelHeader}");
        if (request.QueryString.HasValue)
        {
            if (request.Query.TryGetValue(LevelParameter, out var parameter) && parameter.ToString() is { Length: > 0 } text)
                level = Combine(level, ConsistencyLevel.Parse(text, $"query parameter '{LevelParameter}'"));
            if (request.Query.TryGetValue(StrongParameter, out var flag) && IsSet(flag.ToString()))
                level = Combine(level, ConsistencyLevel.Strong);
        }
        return new RequestConsistency(level, request.Headers.TryGetValue(SessionHeader, out var session) ? session.ToString().Trim() : null);
    }

    /// <summary>The same with a level that the body asks for.</summary>
    public RequestConsistency With(ConsistencyLevel? asked) => asked is { } level ? this with { Level = Combine(Level, level) } : this;

    /// <summary>The same with a level that parts of the request ask for; the strictest counts.</summary>
    public RequestConsistency AtLeast(ConsistencyLevel? asked) =>
        asked is { } level ? this with { Level = Level is { } own ? ConsistencyLevel.Stronger(own, level) : level } : this;

    private static ConsistencyLevel Combine(ConsistencyLevel? first, ConsistencyLevel second) => first is null || first == second
        ? second
        : throw ErrorCodes.BadParameter.With($"the request asks for two levels of consistency, {first} and {second}");

    private static bool IsSet(string text) => text.ToLowerInvariant() switch
    {
        "true" or "1" => true,
        "false" or "0" or "" => false,
        _ => throw ErrorCodes.BadParameter.With($"query parameter '{StrongParameter}' takes true or false"),
    };
}
