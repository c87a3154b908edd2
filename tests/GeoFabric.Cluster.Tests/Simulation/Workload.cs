namespace GeoFabric.Cluster.Tests.Simulation;

/// <summary>What a document of the model holds.</summary>
internal enum ModelKind
{
    /// <summary>Last writer wins; can be deleted.</summary>
    Register = 'r',

    /// <summary>Exact sum.</summary>
    Counter = 'c',

    /// <summary>Observed-remove set.</summary>
    Set = 's',

    /// <summary>A register that is only ever written together with its twin.</summary>
    Paired = 'p',

    /// <summary>A register that is never deleted; sessions read and write it.</summary>
    Session = 'q',
}

/// <param name="Scope">The scope of its collection.</param>
internal readonly record struct ModelKey(ModelKind Kind, int Number, ulong Scope) : IComparable<ModelKey>
{
    public int CompareTo(ModelKey other) => (Scope, (int)Kind, Number).CompareTo((other.Scope, (int)other.Kind, other.Number));

    public static bool operator <(ModelKey left, ModelKey right) => left.CompareTo(right) < 0;

    public static bool operator >(ModelKey left, ModelKey right) => left.CompareTo(right) > 0;

    public static bool operator <=(ModelKey left, ModelKey right) => left.CompareTo(right) <= 0;

    public static bool operator >=(ModelKey left, ModelKey right) => left.CompareTo(right) >= 0;

    public override string ToString() => $"{(char)Kind}{Number}@{Scope}";
}

internal enum ChangeVerb
{
    Set = 3,
    Delete = 4,
    Add = 5,
    Include = 6,
    Exclude = 7,
}

/// <param name="Value">The value or element, unique among all writes, or the amount.</param>
internal readonly record struct ModelChange(ModelKey Key, ChangeVerb Verb, long Value)
{
    public override string ToString() => $"{Verb} {Key} {Value}";
}

/// <summary>What a client does at a time.</summary>
/// <param name="Region">Where; a region that is not there then refuses.</param>
/// <param name="Changes">Written in one transaction; none for a read.</param>
/// <param name="Session">The session it belongs to, or -1.</param>
internal sealed record ClientOperation(TimeSpan Time, ushort Region, IReadOnlyList<ModelChange> Changes, IReadOnlyList<ModelKey> Reads, int Session)
{
    public override string ToString() =>
        $"{Time.TotalSeconds:0.000} region {Region}{(Session < 0 ? "" : $" session {Session}")}: {string.Join(", ", Changes.Select(change => change.ToString()).Concat(Reads.Select(key => $"read {key}")))}";
}
