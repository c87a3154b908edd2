using System.Collections.Immutable;
using GeoFabric.Primitives.Clocks;
using GeoFabric.Primitives.Errors;
using GeoFabric.Server.Consistency;

namespace GeoFabric.Api.Tests.Consistency;

public sealed class SessionTokenTests
{
    private static readonly byte[] s_key = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];

    private readonly SessionTokenCodec _codec = new(s_key);

    [Fact]
    public void A_token_comes_back_as_it_was_written()
    {
        foreach (var token in new[] { SessionToken.Empty(7), Token(100), Token(100, (1, 150), (2, 120)), Token(0, [.. Enumerable.Range(1, 32).Select(i => ((ushort)i, (ulong)i + 5))]) })
        {
            var read = _codec.Read(_codec.Write(token), 7);

            Assert.Equal((token.FabricId, token.Floor), (read.FabricId, read.Floor));
            Assert.Equal(token.Entries.AsEnumerable(), read.Entries);
        }
    }

    [Fact]
    public void Its_text_is_fixed() =>
        Assert.Equal("AQcAAABkAAAAAAAAAAIBAJYAAAAAAAAAAgB4AAAAAAAAAI88ihQnQyXdqorXJ_PvZhA", _codec.Write(Token(100, (1, 150), (2, 120))));

    [Fact]
    public void Any_change_of_a_token_is_refused()
    {
        var text = _codec.Write(Token(100, (1, 150)));

        for (var i = 0; i < text.Length; i++)
        {
            foreach (var other in new[] { 'A', 'b', '7', '-', '!', ' ' }.Where(c => c != text[i]))
            {
                var tampered = text[..i] + other + text[(i + 1)..];
                // The last character carries bits that are no part of any byte; a decoder that takes them as they come changes nothing.
                if (i < text.Length - 1)
                    Assert.Equal(ErrorCodes.BadParameter, Assert.Throws<GeoFabricException>(() => _codec.Read(tampered, 7)).Code);
            }
        }
        foreach (var nonsense in new[] { "", "x", "AQ", text[..^4], text + text, new string('A', 10_000), "é" })
            Assert.Equal(ErrorCodes.BadParameter, Assert.Throws<GeoFabricException>(() => _codec.Read(nonsense, 7)).Code);
    }

    [Fact]
    public void A_token_of_another_fabric_or_cluster_is_refused_and_one_of_the_last_key_is_not()
    {
        var text = _codec.Write(Token(100));
        var renewed = new SessionTokenCodec(new byte[32], s_key);

        Assert.Contains("another fabric", Assert.Throws<GeoFabricException>(() => _codec.Read(text, 8)).Message, StringComparison.Ordinal);
        Assert.Throws<GeoFabricException>(() => new SessionTokenCodec(new byte[32]).Read(text, 7));
        Assert.Equal(100ul, renewed.Read(text, 7).Floor.Bits);
        Assert.Throws<GeoFabricException>(() => _codec.Read(renewed.Write(Token(100)), 7));
    }

    [Fact]
    public void Merging_keeps_the_later_of_everything()
    {
        var merged = Token(100, (1, 150), (2, 120)).Merge(Token(110, (1, 140), (3, 130), (4, 115)));

        Assert.Equal(110ul, merged.Floor.Bits);
        Assert.Equal([(1, 150ul), (2, 120ul), (3, 130ul), (4, 115ul)], merged.Entries.Select(entry => ((int)entry.Key, entry.Value.Bits)));
        Assert.Equal([(1, 150ul)], Token(100, (1, 150), (2, 120)).Merge(Token(130)).Entries.Select(entry => ((int)entry.Key, entry.Value.Bits)));
        Assert.Throws<ArgumentException>(() => Token(100).Merge(SessionToken.Empty(8)));
    }

    [Fact]
    public void Beyond_32_entries_the_floor_rises_and_nothing_is_forgotten()
    {
        var many = new FabricPositions(default, Enumerable.Range(1, 100).ToDictionary(i => (ushort)i, i => new HybridTimestamp((ulong)(1000 + ((i * 37) % 100)))));

        var token = SessionToken.Of(7, many);

        Assert.Equal(SessionToken.EntriesMax, token.Entries.Count);
        Assert.All(many.Regions, region => Assert.True((token.Entries.TryGetValue(region.Key, out var entry) ? entry : token.Floor) >= region.Value));
        Assert.Null(token.MissingFrom(new FabricPositions(token.Floor, token.Entries), []));
        Assert.True(_codec.Write(token).Length <= 470);
    }

    [Fact]
    public void Positions_satisfy_a_token_when_they_lack_neither_floor_nor_entries()
    {
        var token = Token(100, (1, 150));

        Assert.Null(token.MissingFrom(Positions(0, (1, 150), (2, 100)), [1, 2]));
        Assert.NotNull(token.MissingFrom(Positions(0, (1, 149), (2, 100)), [1, 2]));
        Assert.NotNull(token.MissingFrom(Positions(0, (1, 150), (2, 99)), [1, 2]));
        // A region that has left counts by what is stable; one that has just come has everything below the floor.
        Assert.Null(token.MissingFrom(Positions(150), [1, 2]));
        Assert.NotNull(token.MissingFrom(Positions(149), [2]));
    }

    private static SessionToken Token(ulong floor, params (ushort Region, ulong Timestamp)[] entries) =>
        new(7, new HybridTimestamp(floor), entries.ToImmutableSortedDictionary(entry => entry.Region, entry => new HybridTimestamp(entry.Timestamp)));

    private static FabricPositions Positions(ulong stable, params (ushort Region, ulong Timestamp)[] regions) =>
        new(new HybridTimestamp(stable), regions.ToDictionary(entry => entry.Region, entry => new HybridTimestamp(entry.Timestamp)));
}
