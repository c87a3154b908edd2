using GeoFabric.Storage;

namespace GeoFabric.Tests.Storage;

/// <summary>The part of the contract about how long what readers hand out keeps its bytes.</summary>
public abstract class StorageLifetimeContract : StorageEngineContract
{
    [Fact]
    public async Task Spans_of_a_snapshot_keep_their_bytes_through_later_commits()
    {
        await Engine.PutAsync("a=first");
        using var snapshot = Engine.OpenSnapshot();
        var spans = new KeyBatch();
        spans.Add("a"u8);
        snapshot.GetMany(spans);

        for (var i = 0; i < 50; i++)
            await Engine.PutAsync($"a=other{i}", $"b{i}=x");
        GC.Collect();

        Assert.True(spans.TryGetValue(0, out var value) && value.SequenceEqual("first"u8));
    }

    [Fact]
    public async Task Spans_handed_to_a_work_keep_their_bytes_through_its_later_writes()
    {
        await Engine.PutAsync("a=stored", "b=stored");

        await Engine.WriteAsync(t =>
        {
            t.Put("c", "fresh");
            t.TryGet("a"u8, out var clean);
            t.TryGet("c"u8, out var dirty);
            var batch = new KeyBatch();
            batch.Add("b"u8);
            batch.Add("c"u8);
            t.GetMany(batch);
            using var cursor = t.OpenCursor(KeyRange.All);
            cursor.MoveNext();
            var cursorKey = cursor.Key;
            var cursorValue = cursor.Value;

            foreach (var key in (string[])["a", "b", "c"])
                t.Put(key, "XXXXXX");
            for (var i = 0; i < 2000; i++)
                t.Put($"filler{i}", new string('f', 200));
            t.DeleteRange(KeyRange.All, int.MaxValue);

            Assert.Equal("stored", clean.Text());
            Assert.Equal("fresh", dirty.Text());
            Assert.True(batch.TryGetValue(0, out var first) && first.SequenceEqual("stored"u8));
            Assert.True(batch.TryGetValue(1, out var second) && second.SequenceEqual("fresh"u8));
            Assert.Equal("a", cursorKey.Text());
            Assert.Equal("stored", cursorValue.Text());
        });
    }
}
