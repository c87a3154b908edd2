using System.Globalization;
using System.Text;
using GeoFabric.Storage;
using GeoFabric.Storage.Lmdb;

namespace GeoFabric.Tests.Storage;

/// <summary>What an engine remembers of keys must never outlive them.</summary>
public sealed class KeyPresenceTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_key_is_contained_from_its_put_to_its_delete_and_longer_in_older_snapshots()
    {
        await using var engine = Open();
        using var before = engine.OpenSnapshot();
        await engine.PutAsync("a=1");
        using var with = engine.OpenSnapshot();
        Assert.True(with.Contains("a"u8));
        await engine.WriteAsync(transaction =>
        {
            Assert.True(transaction.Contains("a"u8));
            transaction.Delete("a");
            Assert.False(transaction.Contains("a"u8));
        });

        // Older snapshots, which still find the key, must not make later ones believe in it.
        using var after = engine.OpenSnapshot();
        Assert.Equal((false, true, false), (before.Contains("a"u8), with.Contains("a"u8), after.Contains("a"u8)));
        await engine.PutAsync("a=2");
        using var again = engine.OpenSnapshot();
        Assert.Equal((true, false, false), (again.Contains("a"u8), after.Contains("a"u8), before.Contains("a"u8)));
    }

    [Fact]
    public async Task A_key_that_was_found_is_remembered_though_nobody_writes()
    {
        await using (var written = Open())
            await written.PutAsync("a=1");
        await using var engine = Open();
        using (var first = engine.OpenSnapshot())
            Assert.True(first.Contains("a"u8));

        Assert.True(engine.Presence.Knows("a"u8, long.MaxValue));
    }

    /// <summary>Twice: the second time they are remembered. More than are looked for at once, among them none, and those no engine can hold.</summary>
    [Fact]
    public async Task Many_keys_are_answered_for_each_in_its_place()
    {
        await using var engine = Open();
        await engine.PutAsync([.. Enumerable.Range(0, 200).Where(number => number % 3 != 0).Select(number => $"key{number}=1")]);
        var keys = new KeyBatch();
        for (var number = 0; number < 200; number++)
            keys.Add(Encoding.UTF8.GetBytes($"key{number}"));
        keys.Add([]);
        keys.Add(new byte[5000]);
        var expected = Enumerable.Range(0, 202).Select(number => number < 200 && number % 3 != 0).ToList();
        var areThere = new bool[202];

        using var before = engine.OpenSnapshot();
        for (var round = 0; round < 2; round++)
        {
            Array.Fill(areThere, true);
            before.ContainsMany(keys, areThere);
            Assert.Equal(expected, areThere);
        }
        await engine.WriteAsync(transaction => transaction.Delete("key1"));
        using var after = engine.OpenSnapshot();
        before.ContainsMany(keys, areThere);
        Assert.Equal(expected, areThere);
        after.ContainsMany(keys, areThere);
        expected[1] = false;
        Assert.Equal(expected, areThere);
    }

    [Fact]
    public async Task It_is_told_how_often_a_key_was_remembered_when_the_snapshots_close()
    {
        await using var engine = Open();
        await engine.PutAsync("a=1");
        using (var snapshot = engine.OpenSnapshot())
        {
            Assert.Equal((true, true, true, false), (snapshot.Contains("a"u8), snapshot.Contains("a"u8), snapshot.Contains("a"u8), snapshot.Contains("b"u8)));
            using var fork = snapshot.Fork();
            Assert.True(fork.Contains("a"u8));
        }

        var status = engine.GetStatus();
        Assert.Equal((3, 2), (status.KeysRemembered, status.KeysSought));
    }

    [Fact]
    public void The_vertices_of_a_graph_of_100_000_are_remembered_together()
    {
        var presence = new KeyPresence();
        var keys = Enumerable.Range(0, 100_000).Select(number => Encoding.UTF8.GetBytes($"prefix{number}")).ToList();
        keys.ForEach(key => presence.Remember(key, commit: 1));

        var known = keys.Count(key => presence.Knows(key, commit: 1));
        presence.Forget(keys[^1], commit: 2);

        Assert.InRange(known, 99_900, 100_000);
        Assert.Equal(known - 1, keys.Count(key => presence.Knows(key, commit: 2)));
        presence.Remember(keys[^1], commit: 1);
        Assert.False(presence.Knows(keys[^1], commit: 2));
    }

    [Fact]
    public async Task Readers_never_meet_a_key_that_a_commit_before_them_has_deleted()
    {
        await using var engine = Open();
        // Each key is there in the commits of even numbers only.
        await engine.PutAsync("n=0", "a=", "b=", "c=");
        using var stop = new CancellationTokenSource();
        var readers = Enumerable.Range(0, 3).Select(_ => Task.Run(() =>
        {
            var looks = 0;
            do
            {
                using var snapshot = engine.OpenSnapshot();
                var isEven = int.Parse(snapshot.Get("n")!, CultureInfo.InvariantCulture) % 2 == 0;
                Assert.Equal((isEven, isEven, isEven), (snapshot.Contains("a"u8), snapshot.Contains("b"u8), snapshot.Contains("c"u8)));
                looks++;
            }
            while (!stop.IsCancellationRequested);
            return looks;
        })).ToList();
        for (var number = 1; number <= 200; number++)
        {
            var present = number;
            await engine.WriteAsync(transaction =>
            {
                transaction.Put("n", present.ToString(CultureInfo.InvariantCulture));
                foreach (var key in (string[])["a", "b", "c"])
                {
                    if (present % 2 == 0)
                        transaction.Put(key, "");
                    else
                        transaction.Delete(key);
                }
            });
        }
        await stop.CancelAsync();

        Assert.All(await Task.WhenAll(readers), looks => Assert.True(looks > 0));
    }

    private LmdbEngine Open() => LmdbEngine.Open(new LmdbOptions { DirectoryPath = _directory.Inside("keys") });
}
