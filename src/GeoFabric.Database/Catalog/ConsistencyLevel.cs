using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using GeoFabric.Primitives.Errors;

namespace GeoFabric.Database.Catalog;

/// <summary>What a reader may rely on, from the least to the most.</summary>
public enum ConsistencyKind
{
    /// <summary>Some state that was, whole transactions only.</summary>
    Eventual,

    /// <summary>A state that holds everything it depends on; the default. It costs nothing more here, since every snapshot is one.</summary>
    Causal,

    /// <summary>Causal, and nothing older than the session has seen or written, whichever region it asks.</summary>
    Session,

    /// <summary>Causal, and at most so much older than now.</summary>
    Bounded,

    /// <summary>The latest; of collections that are written at one region only.</summary>
    Strong,
}

/// <summary>A level of consistency: <c>eventual</c>, <c>causal</c>, <c>session</c>, <c>bounded(MILLISECONDS)</c> or <c>strong</c>.</summary>
/// <param name="Staleness">How old the state may be; only for <see cref="ConsistencyKind.Bounded"/>.</param>
public readonly record struct ConsistencyLevel(ConsistencyKind Kind, TimeSpan Staleness = default)
{
    private const int StalenessMillisecondsMax = 24 * 60 * 60 * 1000;
    private const string BoundedPrefix = "bounded(";

    public static ConsistencyLevel Causal { get; } = new(ConsistencyKind.Causal);

    public static ConsistencyLevel Strong { get; } = new(ConsistencyKind.Strong);

    public static bool TryParse([NotNullWhen(true)] string? text, out ConsistencyLevel level)
    {
        level = text switch
        {
            "eventual" => new ConsistencyLevel(ConsistencyKind.Eventual),
            "causal" => Causal,
            "session" => new ConsistencyLevel(ConsistencyKind.Session),
            "strong" => Strong,
            _ => default,
        };
        if (level != default || text == "eventual")
            return true;
        if (text is null || !text.StartsWith(BoundedPrefix, StringComparison.Ordinal) || !text.EndsWith(')')
            || !int.TryParse(text.AsSpan(BoundedPrefix.Length, text.Length - BoundedPrefix.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds)
            || milliseconds is < 1 or > StalenessMillisecondsMax)
            return false;
        level = new ConsistencyLevel(ConsistencyKind.Bounded, TimeSpan.FromMilliseconds(milliseconds));
        return true;
    }

    /// <param name="where">What holds the text, for the message.</param>
    /// <exception cref="GeoFabricException">10.</exception>
    public static ConsistencyLevel Parse(string text, string where) => TryParse(text, out var level)
        ? level
        : throw ErrorCodes.BadParameter.With(
            $"{where} is '{(text.Length <= 40 ? text : text[..40] + "...")}'; it takes eventual, causal, session, bounded(MILLISECONDS) or strong, where MILLISECONDS is 1 to {StalenessMillisecondsMax}");

    /// <summary>The one that promises more.</summary>
    public static ConsistencyLevel Stronger(ConsistencyLevel left, ConsistencyLevel right)
    {
        if (left.Kind != right.Kind)
            return left.Kind > right.Kind ? left : right;
        return left.Staleness <= right.Staleness ? left : right;
    }

    public override string ToString() => Kind == ConsistencyKind.Bounded
        ? string.Create(CultureInfo.InvariantCulture, $"bounded({(long)Staleness.TotalMilliseconds})")
        : Kind.ToString().ToLowerInvariant();
}
