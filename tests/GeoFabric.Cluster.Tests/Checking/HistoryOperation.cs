namespace GeoFabric.Cluster.Tests.Checking;

/// <summary>One read or write of a register inside a transaction.</summary>
/// <param name="Value">
/// What was read or written. <see langword="null"/> is an absent key: for a read that nothing was found, for a write that the key was deleted.
/// Written values are unique per key, so a value names the write it came from.
/// </param>
internal readonly record struct HistoryOperation(bool IsWrite, string Key, string? Value)
{
    public static HistoryOperation Read(string key, string? value) => new(false, key, value);

    public static HistoryOperation Write(string key, string value) => new(true, key, value);

    public static HistoryOperation Delete(string key) => new(true, key, null);

    public bool IsDelete => IsWrite && Value is null;

    public override string ToString() => $"{(IsWrite ? "w" : "r")}({Key}={Value ?? "none"})";
}
