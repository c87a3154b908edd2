using GeoFabric.Database.Layout;

namespace GeoFabric.Tests.Database;

/// <summary>A change record as another region gets it: without what is local to the region that wrote it, and what the receiver does not keep.</summary>
internal static class SharedRecord
{
    public static ReadOnlyMemory<byte> Of(ReadOnlyMemory<byte> record, ushort receiver)
    {
        var span = record.Span;
        var header = ChangeRecordHeader.Read(span);
        var offset = header.OperationsOffset;
        var kept = new List<byte>();
        ulong count = 0;
        for (var collections = VarInt.Read(span, ref offset); collections > 0; collections--)
        {
            var start = offset;
            VarInt.Read(span, ref offset);
            var scope = new ChangeScope(VarInt.Read(span, ref offset));
            for (var documents = VarInt.Read(span, ref offset); documents > 0; documents--)
            {
                Skip(span, ref offset);
                for (var operations = VarInt.Read(span, ref offset); operations > 0; operations--)
                {
                    offset++;
                    Skip(span, ref offset);
                    Skip(span, ref offset);
                }
            }
            if (scope == ChangeScope.Local || !scope.IsKeptAt(receiver))
                continue;
            count++;
            kept.AddRange(span[start..offset]);
        }
        Span<byte> number = stackalloc byte[VarInt.SizeMax];
        return ChangeRecordHeader.Assemble(header, span[header.ContextOffset..header.OperationsOffset], [.. number[..VarInt.Write(number, count)], .. kept]);
    }

    private static void Skip(ReadOnlySpan<byte> record, ref int offset)
    {
        var length = (int)VarInt.Read(record, ref offset);
        offset += length;
    }
}
