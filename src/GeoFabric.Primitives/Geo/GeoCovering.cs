namespace GeoFabric.Primitives.Geo;

/// <summary>Few cells that together hold all of a cap.</summary>
public static class GeoCovering
{
    /// <summary>The smallest cells of one level that meet the cap, as long as there are at most so many; in the order of their ids.</summary>
    /// <param name="countMax">At least 6.</param>
    public static List<GeoCell> Of(GeoCap cap, int countMax)
    {
        var cells = GeoCell.Faces.Where(face => cap.Meets(face.Cap)).ToList();
        for (var level = 1; level <= GeoCell.LevelMax; level++)
        {
            var finer = new List<GeoCell>(countMax + 1);
            foreach (var cell in cells)
            {
                foreach (var quarter in cell.Quarters())
                {
                    if (cap.Meets(quarter.Cap))
                        finer.Add(quarter);
                }
                if (finer.Count > countMax)
                    return cells;
            }
            cells = finer;
        }
        return cells;
    }
}
