using System.Text;
using GeoFabric.Storage;

namespace GeoFabric.Tests.Storage;

/// <summary>Keys and values as text, to keep the tests readable.</summary>
internal static class StorageTestExtensions
{
    public static byte[] Bytes(this string text) => Encoding.Latin1.GetBytes(text);

    public static string Text(this ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes);

    public static void Put(this IWriteTransaction transaction, string key, string value) => transaction.Put(key.Bytes(), value.Bytes());

    public static bool Delete(this IWriteTransaction transaction, string key) => transaction.Delete(key.Bytes());

    public static string? Get(this IStorageReader reader, string key) =>
        reader.TryGet(key.Bytes(), out var value) ? value.Text() : null;

    public static KeyRange Range(string start, string? end) => new(start.Bytes(), end?.Bytes());

    /// <summary>The entries of a range as "key=value", separated by spaces.</summary>
    public static string Scan(this IStorageReader reader, KeyRange? range = null, ScanDirection direction = ScanDirection.Forward)
    {
        using var cursor = reader.OpenCursor(range ?? KeyRange.All, direction);
        return cursor.Rest();
    }

    public static string Rest(this ICursor cursor)
    {
        var entries = new List<string>();
        while (cursor.MoveNext())
            entries.Add(cursor.Entry());
        return string.Join(' ', entries);
    }

    public static string Entry(this ICursor cursor) => $"{cursor.Key.Text()}={cursor.Value.Text()}";

    public static string Scan(this IStorageEngine engine)
    {
        using var snapshot = engine.OpenSnapshot();
        return snapshot.Scan();
    }

    public static string? Get(this IStorageEngine engine, string key)
    {
        using var snapshot = engine.OpenSnapshot();
        return snapshot.Get(key);
    }

    public static Task<CommitReceipt> PutAsync(this IStorageEngine engine, params string[] entries) => engine.WriteAsync(transaction =>
    {
        foreach (var entry in entries)
        {
            var parts = entry.Split('=');
            transaction.Put(parts[0], parts[1]);
        }
    });
}
