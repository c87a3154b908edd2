using GeoFabric.Storage;

namespace GeoFabric.Tests.Storage;

/// <summary>The part of the contract about keys that are looked up together.</summary>
public abstract class StorageBatchContract : StorageLifetimeContract
{
    [Fact]
    public async Task GetMany_files_each_value_under_its_key_and_misses_stay_missing()
    {
        await Engine.PutAsync("a=1", "c=3", "e=");
        var batch = new KeyBatch();
        foreach (var key in (string[])["c", "b", "a", "e", "c"])
            batch.Add(key.Bytes());

        using var snapshot = Engine.OpenSnapshot();
        snapshot.GetMany(batch);

        var found = Enumerable.Range(0, batch.Count).Select(i => batch.TryGetValue(i, out var value) ? value.Text() : "-");
        Assert.Equal("3,-,1,,3", string.Join(',', found));
    }

    /// <summary>More keys than are looked for together, in a tree of several levels, before, between and behind those that are there.</summary>
    [Theory]
    [InlineData(10)]
    [InlineData(20_000)]
    public async Task GetMany_finds_the_same_as_one_by_one(int count)
    {
        await Engine.WriteAsync(t =>
        {
            for (var i = 0; i < count; i++)
                t.Put($"key {i * 7 % count * 2:D6}".Bytes(), new byte[i % 50 == 0 ? 9_000 : i % 200]);
        });
        var random = new Random(1);
        var batch = new KeyBatch();
        using var snapshot = Engine.OpenSnapshot();
        foreach (var size in (int[])[1, 2, 3, 16, 17, 1000])
        {
            batch.Clear();
            for (var i = 0; i < size; i++)
                batch.Add(random.Next(20) switch { 0 => "a"u8.ToArray(), 1 => "z"u8.ToArray(), _ => $"key {random.Next(2 * count):D6}".Bytes() });

            snapshot.GetMany(batch);

            for (var i = 0; i < size; i++)
            {
                var isThere = snapshot.TryGet(batch.KeyAt(i), out var expected);
                Assert.Equal(isThere, batch.TryGetValue(i, out var value));
                Assert.True(value.SequenceEqual(expected));
            }
        }
    }
}
