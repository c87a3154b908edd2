using GeoFabric.Primitives.Clocks;
using GeoFabric.Replication.Membership;
using GeoFabric.Server.Replication;

namespace GeoFabric.Api.Tests.Cluster;

/// <summary>What is remembered of when writes came to other regions: nothing that nobody has seen happen.</summary>
public sealed class ArrivalNotesTests
{
    private const ushort Self = 1;
    private const ushort Other = 2;
    private readonly TestClock _clock = new();
    private readonly ArrivalNotes _notes;

    public ArrivalNotesTests() => _notes = new ArrivalNotes(At(Self, 10, 100), _clock);

    [Fact]
    public void A_write_arrives_with_the_first_word_that_covers_it_whatever_the_wall_clock_does()
    {
        _notes.Note(Other, At(Self, 10, 100));
        _notes.Note(Self, At(Self, 11, 110));
        _clock.Advance(TimeSpan.FromMilliseconds(5));
        _notes.Note(Self, At(Self, 12, 120));
        Assert.False(_notes.Find(Other, Stamp(110)).HasArrived);
        _clock.Advance(TimeSpan.FromMilliseconds(70));
        _notes.Note(Other, At(Self, 11, 115));
        _clock.Advance(TimeSpan.FromMilliseconds(5));
        _notes.Note(Other, At(Self, 12, 500));
        _clock.Advance(TimeSpan.FromMilliseconds(5));
        // Without another record a watermark says nothing about when the last one came.
        _notes.Note(Other, At(Self, 12, 900));

        Assert.Equal(TimeSpan.FromMilliseconds(75), _notes.Find(Other, Stamp(110)).After);
        Assert.Equal(TimeSpan.FromMilliseconds(75), _notes.Find(Other, Stamp(120)).After);
    }

    [Fact]
    public void What_was_there_at_the_first_word_of_a_region_or_written_before_this_process_has_no_time()
    {
        _notes.Note(Self, At(Self, 11, 110));
        _clock.Advance(TimeSpan.FromMilliseconds(70));
        _notes.Note(Other, At(Self, 11, 110));

        Assert.Equal((true, null), (_notes.Find(Other, Stamp(110)).HasArrived, _notes.Find(Other, Stamp(110)).After));
        Assert.Equal((true, null), (_notes.Find(Other, Stamp(90)).HasArrived, _notes.Find(Other, Stamp(90)).After));
        Assert.False(_notes.Find(3, Stamp(90)).HasArrived);
    }

    [Fact]
    public void Only_the_last_writes_have_a_time()
    {
        _notes.Note(Other, At(Self, 10, 100));
        for (ulong sequence = 11; sequence <= 6000; sequence++)
        {
            _notes.Note(Self, At(Self, sequence, sequence * 10));
            _clock.Advance(TimeSpan.FromMilliseconds(1));
            _notes.Note(Other, At(Self, sequence, sequence * 10));
        }

        Assert.Equal((true, null), (_notes.Find(Other, Stamp(1000)).HasArrived, _notes.Find(Other, Stamp(1000)).After));
        Assert.Equal(TimeSpan.FromMilliseconds(1), _notes.Find(Other, Stamp(60_000)).After);
    }

    private static HybridTimestamp Stamp(ulong bits) => new(bits);

    private static OriginPosition At(ushort region, ulong sequence, ulong timestamp) => new(region, 0, sequence, Stamp(timestamp));
}
