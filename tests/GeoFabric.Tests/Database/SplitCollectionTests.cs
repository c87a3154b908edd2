using System.Text;
using GeoFabric.Database;
using GeoFabric.Database.Documents;

namespace GeoFabric.Tests.Database;

/// <summary>Parts of a collection, one behind the other, are the collection.</summary>
public sealed class SplitCollectionTests
{
    public static TheoryData<string, string[]> Keys => new()
    {
        { "none", [] },
        { "one", ["a"] },
        { "numbers", [.. Enumerable.Range(0, 700).Select(number => $"D{number}")] },
        { "a key that begins others", ["p", "pa", "paa", "pab", "pb", "q", "p-1", "p-12"] },
        { "two long beginnings", [.. Enumerable.Range(0, 40).Select(number => $"customer-of-the-north:{number}"), .. Enumerable.Range(0, 60).Select(number => $"order:{number * 37}")] },
    };

    [Theory]
    [MemberData(nameof(Keys))]
    public async Task Parts_adjoin_and_hold_everything(string what, string[] keys)
    {
        Assert.NotEmpty(what);
        foreach (var onDisk in (bool[])[false, true])
        {
            await using var fabric = await TestFabric.OpenAsync(onDisk);
            await fabric.CreateAsync("before");
            var collection = await fabric.CreateAsync("docs");
            await fabric.CreateAsync("behind");
            foreach (var name in (string[])["before", "docs", "behind"])
            {
                await fabric.Fabric.WriteAsync(fabric.Scope, transaction =>
                {
                    foreach (var key in name == "docs" ? keys : ["x", "y"])
                        transaction.Insert(fabric.Fabric.Catalog.GetCollection(name), TestFabric.Json($$"""{"_key":"{{key}}"}"""), InsertOptions.Default);
                    return 0;
                });
            }
            using var snapshot = fabric.Fabric.OpenSnapshot(fabric.Scope);
            using var whole = snapshot.ScanCollection(collection);
            var expected = Read(whole);
            foreach (var count in (int[])[1, 2, 7, 64, 1000])
            {
                var parts = snapshot.SplitCollection(collection, count);
                var read = new List<string>();
                var filled = 0;
                foreach (var part in parts)
                {
                    using var fork = snapshot.Fork();
                    using var cursor = fork.ScanCollection(collection, part);
                    var found = Read(cursor);
                    filled += found.Count > 0 ? 1 : 0;
                    read.AddRange(found);
                }

                Assert.Equal(expected, read);
                Assert.InRange(parts.Count, 1, count + 256);
                Assert.True(filled >= Math.Min(count, keys.Length) / 2, $"{filled} of {parts.Count} parts hold something");
            }
        }
    }

    private static List<string> Read(IDocumentCursor cursor)
    {
        var keys = new List<string>();
        while (cursor.MoveNext())
            keys.Add(Encoding.UTF8.GetString(cursor.DocumentKey));
        return keys;
    }
}
