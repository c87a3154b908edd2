using GeoFabric.Storage;
using GeoFabric.Storage.InMemory;

namespace GeoFabric.Tests.Storage;

public sealed class InMemoryEngineTests : StorageCursorContract
{
    protected override IStorageEngine OpenEngine(int queuedWorksMax = 4096) => new InMemoryEngine(queuedWorksMax);

    [Fact]
    public void A_lone_thread_finds_its_write_done_when_the_call_returns()
    {
        var receipt = Engine.PutAsync("a=1");

        Assert.True(receipt.IsCompletedSuccessfully);
    }
}
